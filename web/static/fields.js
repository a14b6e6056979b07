/** Which facts of a record a shopper is told, under which names, in which form. Written by `python -m web.generated`. */
export const fields = {
  "divisions": {
    "220000": {
      "en": "Jilin Province",
      "zh": "吉林省"
    },
    "220100": {
      "en": "Changchun City",
      "zh": "长春市"
    },
    "220102": {
      "en": "Nanguan District",
      "zh": "南关区"
    },
    "220103": {
      "en": "Kuancheng District",
      "zh": "宽城区"
    },
    "220104": {
      "en": "Chaoyang District",
      "zh": "朝阳区"
    },
    "220105": {
      "en": "Erdao District",
      "zh": "二道区"
    },
    "220106": {
      "en": "Lüyuan District",
      "zh": "绿园区"
    },
    "220112": {
      "en": "Shuangyang District",
      "zh": "双阳区"
    },
    "220113": {
      "en": "Jiutai District",
      "zh": "九台区"
    },
    "220122": {
      "en": "Nong'an County",
      "zh": "农安县"
    },
    "220182": {
      "en": "Yushu City",
      "zh": "榆树市"
    },
    "220183": {
      "en": "Dehui City",
      "zh": "德惠市"
    },
    "220184": {
      "en": "Gongzhuling City",
      "zh": "公主岭市"
    },
    "220200": {
      "en": "Jilin City",
      "zh": "吉林市"
    },
    "220202": {
      "en": "Changyi District",
      "zh": "昌邑区"
    },
    "220203": {
      "en": "Longtan District",
      "zh": "龙潭区"
    },
    "220204": {
      "en": "Chuanying District",
      "zh": "船营区"
    },
    "220211": {
      "en": "Fengman District",
      "zh": "丰满区"
    },
    "220221": {
      "en": "Yongji County",
      "zh": "永吉县"
    },
    "220281": {
      "en": "Jiaohe City",
      "zh": "蛟河市"
    },
    "220282": {
      "en": "Huadian City",
      "zh": "桦甸市"
    },
    "220283": {
      "en": "Shulan City",
      "zh": "舒兰市"
    },
    "220284": {
      "en": "Panshi City",
      "zh": "磐石市"
    },
    "220300": {
      "en": "Siping City",
      "zh": "四平市"
    },
    "220302": {
      "en": "Tiexi District",
      "zh": "铁西区"
    },
    "220303": {
      "en": "Tiedong District",
      "zh": "铁东区"
    },
    "220322": {
      "en": "Lishu County",
      "zh": "梨树县"
    },
    "220323": {
      "en": "Yitong Manchu Autonomous County",
      "zh": "伊通满族自治县"
    },
    "220382": {
      "en": "Shuangliao City",
      "zh": "双辽市"
    },
    "220400": {
      "en": "Liaoyuan City",
      "zh": "辽源市"
    },
    "220402": {
      "en": "Longshan District",
      "zh": "龙山区"
    },
    "220403": {
      "en": "Xi'an District",
      "zh": "西安区"
    },
    "220421": {
      "en": "Dongfeng County",
      "zh": "东丰县"
    },
    "220422": {
      "en": "Dongliao County",
      "zh": "东辽县"
    },
    "220500": {
      "en": "Tonghua City",
      "zh": "通化市"
    },
    "220502": {
      "en": "Dongchang District",
      "zh": "东昌区"
    },
    "220503": {
      "en": "Erdaojiang District",
      "zh": "二道江区"
    },
    "220521": {
      "en": "Tonghua County",
      "zh": "通化县"
    },
    "220523": {
      "en": "Huinan County",
      "zh": "辉南县"
    },
    "220524": {
      "en": "Liuhe County",
      "zh": "柳河县"
    },
    "220581": {
      "en": "Meihekou City",
      "zh": "梅河口市"
    },
    "220582": {
      "en": "Ji'an City",
      "zh": "集安市"
    },
    "220600": {
      "en": "Baishan City",
      "zh": "白山市"
    },
    "220602": {
      "en": "Hunjiang District",
      "zh": "浑江区"
    },
    "220605": {
      "en": "Jiangyuan District",
      "zh": "江源区"
    },
    "220621": {
      "en": "Fusong County",
      "zh": "抚松县"
    },
    "220622": {
      "en": "Jingyu County",
      "zh": "靖宇县"
    },
    "220623": {
      "en": "Changbai Korean Autonomous County",
      "zh": "长白朝鲜族自治县"
    },
    "220681": {
      "en": "Linjiang City",
      "zh": "临江市"
    },
    "220700": {
      "en": "Songyuan City",
      "zh": "松原市"
    },
    "220702": {
      "en": "Ningjiang District",
      "zh": "宁江区"
    },
    "220721": {
      "en": "Qian Gorlos Mongol Autonomous County (Qianguo)",
      "zh": "前郭尔罗斯蒙古族自治县"
    },
    "220722": {
      "en": "Changling County",
      "zh": "长岭县"
    },
    "220723": {
      "en": "Qian'an County",
      "zh": "乾安县"
    },
    "220781": {
      "en": "Fuyu City",
      "zh": "扶余市"
    },
    "220800": {
      "en": "Baicheng City",
      "zh": "白城市"
    },
    "220802": {
      "en": "Taobei District",
      "zh": "洮北区"
    },
    "220821": {
      "en": "Zhenlai County",
      "zh": "镇赉县"
    },
    "220822": {
      "en": "Tongyu County",
      "zh": "通榆县"
    },
    "220881": {
      "en": "Taonan City",
      "zh": "洮南市"
    },
    "220882": {
      "en": "Da'an City",
      "zh": "大安市"
    },
    "222400": {
      "en": "Yanbian Korean Autonomous Prefecture",
      "zh": "延边朝鲜族自治州"
    },
    "222401": {
      "en": "Yanji City",
      "zh": "延吉市"
    },
    "222402": {
      "en": "Tumen City",
      "zh": "图们市"
    },
    "222403": {
      "en": "Dunhua City",
      "zh": "敦化市"
    },
    "222404": {
      "en": "Hunchun City",
      "zh": "珲春市"
    },
    "222405": {
      "en": "Longjing City",
      "zh": "龙井市"
    },
    "222406": {
      "en": "Helong City",
      "zh": "和龙市"
    },
    "222424": {
      "en": "Wangqing County",
      "zh": "汪清县"
    },
    "222426": {
      "en": "Antu County",
      "zh": "安图县"
    }
  },
  "expected": {
    "harvested": [
      "variety"
    ],
    "treated": [
      "registration",
      "interval_days",
      "dose"
    ]
  },
  "results": [
    {
      "form": "text",
      "label": {
        "en": "Analyte",
        "zh": "项目"
      },
      "name": "analyte"
    },
    {
      "form": "number",
      "label": {
        "en": "Found",
        "zh": "检测值"
      },
      "name": "value"
    },
    {
      "form": "text",
      "label": {
        "en": "Unit",
        "zh": "计量单位"
      },
      "name": "unit"
    },
    {
      "form": "number",
      "label": {
        "en": "Limit",
        "zh": "限量"
      },
      "name": "limit"
    },
    {
      "form": "text",
      "label": {
        "en": "Standard",
        "zh": "标准"
      },
      "name": "standard"
    },
    {
      "form": "word:passed",
      "label": {
        "en": "Result",
        "zh": "判定"
      },
      "name": "passed"
    }
  ],
  "rows": [
    {
      "at": "",
      "label": {
        "en": "Organisation",
        "zh": "单位"
      },
      "main": false,
      "members": [
        [
          "party",
          "party"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Name",
        "zh": "名称"
      },
      "main": true,
      "members": [
        [
          "name",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Name in English",
        "zh": "英文名称"
      },
      "main": false,
      "members": [
        [
          "name_en",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Kind of organisation",
        "zh": "单位类型"
      },
      "main": true,
      "members": [
        [
          "role",
          "word:role"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Key kept by",
        "zh": "密钥保管"
      },
      "main": true,
      "members": [
        [
          "custody",
          "word:custody"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Accreditation",
        "zh": "资质证书编号"
      },
      "main": false,
      "members": [
        [
          "laboratory_mark",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "GS1 prefix",
        "zh": "厂商识别代码"
      },
      "main": false,
      "members": [
        [
          "prefix",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Lot",
        "zh": "批号"
      },
      "main": true,
      "members": [
        [
          "lot",
          "lot"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Product",
        "zh": "产品"
      },
      "main": false,
      "members": [
        [
          "product",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Kind of goods",
        "zh": "品类"
      },
      "main": false,
      "members": [
        [
          "commodity",
          "word:commodity"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Variety",
        "zh": "品种"
      },
      "main": true,
      "members": [
        [
          "variety",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "GTIN",
        "zh": "商品条码"
      },
      "main": false,
      "members": [
        [
          "gtin",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Measured",
        "zh": "计量方式"
      },
      "main": false,
      "members": [
        [
          "measure",
          "word:measure"
        ],
        [
          "piece",
          "word:piece"
        ],
        [
          "piece_kg",
          "mass"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Plot",
        "zh": "地块"
      },
      "main": false,
      "members": [
        [
          "plot",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Division",
        "zh": "行政区划"
      },
      "main": true,
      "members": [
        [
          "division",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Area (ha)",
        "zh": "面积（公顷）"
      },
      "main": false,
      "members": [
        [
          "area_ha",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Mushroom bags",
        "zh": "菌袋数"
      },
      "main": false,
      "members": [
        [
          "bags",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Year planted",
        "zh": "栽植年份"
      },
      "main": false,
      "members": [
        [
          "planted",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Category",
        "zh": "类别"
      },
      "main": false,
      "members": [
        [
          "category",
          "word:category"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Active substances",
        "zh": "有效成分"
      },
      "main": true,
      "members": [
        [
          "substances",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Registration",
        "zh": "登记证号"
      },
      "main": false,
      "members": [
        [
          "registration",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Manufacturer",
        "zh": "生产企业"
      },
      "main": false,
      "members": [
        [
          "maker",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Method",
        "zh": "施用方式"
      },
      "main": false,
      "members": [
        [
          "method",
          "word:method"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Dose",
        "zh": "用量"
      },
      "main": false,
      "members": [
        [
          "dose",
          "number"
        ],
        [
          "dose_unit",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Used against",
        "zh": "防治哪一类"
      },
      "main": false,
      "members": [
        [
          "against",
          "word:against"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Last day",
        "zh": "最后一天"
      },
      "main": false,
      "members": [
        [
          "last_on",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Label code",
        "zh": "标签追溯码"
      },
      "main": false,
      "members": [
        [
          "label_code",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Township or village",
        "zh": "乡镇或村代码"
      },
      "main": false,
      "members": [
        [
          "township",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Interval on the label (days)",
        "zh": "标签安全间隔期（天）"
      },
      "main": true,
      "members": [
        [
          "interval_days",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Process",
        "zh": "加工方式"
      },
      "main": true,
      "members": [
        [
          "process",
          "word:process"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Business step",
        "zh": "业务步骤"
      },
      "main": false,
      "members": [
        [
          "step",
          "word:step"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Ways of making",
        "zh": "加工模板"
      },
      "main": false,
      "members": [
        [
          "template",
          "word:template"
        ]
      ]
    },
    {
      "at": "/steps/*",
      "label": {
        "en": "Step",
        "zh": "工序"
      },
      "main": false,
      "members": [
        [
          "process",
          "word:process"
        ],
        [
          "began",
          "instant"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Moisture before (per cent)",
        "zh": "烘干前水分（百分比）"
      },
      "main": false,
      "members": [
        [
          "moisture_before",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Moisture after (per cent)",
        "zh": "烘干后水分（百分比）"
      },
      "main": false,
      "members": [
        [
          "moisture_after",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Control point",
        "zh": "控制点"
      },
      "main": true,
      "members": [
        [
          "point",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Value",
        "zh": "测得"
      },
      "main": true,
      "members": [
        [
          "value",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Corrective action",
        "zh": "纠偏措施"
      },
      "main": true,
      "members": [
        [
          "remedy",
          "word:remedy"
        ]
      ]
    },
    {
      "at": "/lots/*",
      "label": {
        "en": "Lots",
        "zh": "批次"
      },
      "main": false,
      "members": [
        [
          "",
          "lot"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Work",
        "zh": "作业"
      },
      "main": true,
      "members": [
        [
          "work",
          "word:work"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Protocol",
        "zh": "技术规程"
      },
      "main": true,
      "members": [
        [
          "protocol",
          "word:protocol"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Geographical indication",
        "zh": "地理标志"
      },
      "main": false,
      "members": [
        [
          "gi",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "High-standard farmland",
        "zh": "高标准农田"
      },
      "main": false,
      "members": [
        [
          "high_standard",
          "word:high_standard"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Cultivation",
        "zh": "栽培方式"
      },
      "main": false,
      "members": [
        [
          "cultivation",
          "word:cultivation"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Grown for",
        "zh": "用途"
      },
      "main": false,
      "members": [
        [
          "sold_as",
          "word:sold_as"
        ]
      ]
    },
    {
      "at": "/inputs/*",
      "label": {
        "en": "Went in",
        "zh": "投入"
      },
      "main": true,
      "members": [
        [
          "lot",
          "lot"
        ],
        [
          "uri",
          "lot"
        ],
        [
          "product",
          "text"
        ],
        [
          "amount",
          "amount"
        ],
        [
          "quantity",
          "number"
        ],
        [
          "unit",
          "text"
        ]
      ]
    },
    {
      "at": "/outputs/*",
      "label": {
        "en": "Came out",
        "zh": "产出"
      },
      "main": true,
      "members": [
        [
          "lot",
          "lot"
        ],
        [
          "uri",
          "lot"
        ],
        [
          "product",
          "text"
        ],
        [
          "amount",
          "amount"
        ],
        [
          "quantity",
          "number"
        ],
        [
          "unit",
          "text"
        ]
      ]
    },
    {
      "at": "/objects/*",
      "label": {
        "en": "Goods",
        "zh": "货物"
      },
      "main": true,
      "members": [
        [
          "lot",
          "lot"
        ],
        [
          "uri",
          "lot"
        ],
        [
          "product",
          "text"
        ],
        [
          "amount",
          "amount"
        ],
        [
          "quantity",
          "number"
        ],
        [
          "unit",
          "text"
        ]
      ]
    },
    {
      "at": "/children/*",
      "label": {
        "en": "Goods",
        "zh": "货物"
      },
      "main": true,
      "members": [
        [
          "lot",
          "lot"
        ],
        [
          "uri",
          "lot"
        ],
        [
          "product",
          "text"
        ],
        [
          "amount",
          "amount"
        ],
        [
          "quantity",
          "number"
        ],
        [
          "unit",
          "text"
        ]
      ]
    },
    {
      "at": "/parts/*",
      "label": {
        "en": "Goods",
        "zh": "货物"
      },
      "main": true,
      "members": [
        [
          "lot",
          "lot"
        ],
        [
          "uri",
          "lot"
        ],
        [
          "product",
          "text"
        ],
        [
          "amount",
          "amount"
        ],
        [
          "quantity",
          "number"
        ],
        [
          "unit",
          "text"
        ]
      ]
    },
    {
      "at": "/containers/*",
      "label": {
        "en": "Container",
        "zh": "箱"
      },
      "main": true,
      "members": [
        [
          "",
          "lot"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Container",
        "zh": "箱"
      },
      "main": true,
      "members": [
        [
          "container",
          "lot"
        ],
        [
          "parent",
          "lot"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Loss",
        "zh": "损耗"
      },
      "main": false,
      "members": [
        [
          "loss_kg",
          "mass"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Water added",
        "zh": "加水"
      },
      "main": false,
      "members": [
        [
          "water_kg",
          "mass"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Amount",
        "zh": "数量"
      },
      "main": true,
      "members": [
        [
          "amount",
          "amount"
        ],
        [
          "unit",
          "text"
        ]
      ]
    },
    {
      "at": "/plots/*",
      "label": {
        "en": "From plots",
        "zh": "采自地块"
      },
      "main": true,
      "members": [
        [
          "plot",
          "text"
        ],
        [
          "amount",
          "amount"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Marks",
        "zh": "品牌"
      },
      "main": true,
      "members": [
        [
          "mark",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Each pack",
        "zh": "每包"
      },
      "main": false,
      "members": [
        [
          "pack",
          "amount"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "First index",
        "zh": "起始序号"
      },
      "main": false,
      "members": [
        [
          "first",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Codes",
        "zh": "码数"
      },
      "main": true,
      "members": [
        [
          "count",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Not active yet",
        "zh": "先不启用"
      },
      "main": false,
      "members": [
        [
          "asleep",
          "word:asleep"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Roll of blank codes",
        "zh": "空白码卷"
      },
      "main": false,
      "members": [
        [
          "roll",
          "text"
        ],
        [
          "roll_first",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Ground",
        "zh": "凭什么"
      },
      "main": false,
      "members": [
        [
          "ground",
          "word:ground"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Sample",
        "zh": "样品编号"
      },
      "main": false,
      "members": [
        [
          "sample",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Purpose",
        "zh": "检验性质"
      },
      "main": false,
      "members": [
        [
          "purpose",
          "word:purpose"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Sampled on",
        "zh": "抽样日期"
      },
      "main": false,
      "members": [
        [
          "sampled_on",
          "date"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Verdict",
        "zh": "结论"
      },
      "main": true,
      "members": [
        [
          "verdict",
          "word:verdict"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Certificate number",
        "zh": "合格证编号"
      },
      "main": true,
      "members": [
        [
          "number",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Basis",
        "zh": "承诺依据"
      },
      "main": false,
      "members": [
        [
          "basis",
          "word:basis"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Class of product",
        "zh": "产品类别"
      },
      "main": false,
      "members": [
        [
          "product_class",
          "word:product_class"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Laboratory",
        "zh": "检测机构"
      },
      "main": false,
      "members": [
        [
          "laboratory",
          "party"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Assigned by",
        "zh": "下达部门"
      },
      "main": false,
      "members": [
        [
          "ordered_by",
          "party"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Sampling plan",
        "zh": "抽检计划"
      },
      "main": false,
      "members": [
        [
          "plan",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Promise",
        "zh": "承诺"
      },
      "main": false,
      "members": [
        [
          "promise",
          "word:promise"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Problem",
        "zh": "问题"
      },
      "main": false,
      "members": [
        [
          "fault",
          "word:fault"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Scheme",
        "zh": "证书类别"
      },
      "main": false,
      "members": [
        [
          "scheme",
          "word:scheme"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Holder",
        "zh": "持证单位"
      },
      "main": false,
      "members": [
        [
          "grantee",
          "party"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Recall level",
        "zh": "召回级别"
      },
      "main": true,
      "members": [
        [
          "level",
          "word:level"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Cause",
        "zh": "原因"
      },
      "main": true,
      "members": [
        [
          "cause",
          "word:cause"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Cause of the hold",
        "zh": "暂停流转的原因"
      },
      "main": false,
      "members": [
        [
          "hold_cause",
          "word:hold_cause"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Cause",
        "zh": "立案原因"
      },
      "main": false,
      "members": [
        [
          "case_cause",
          "word:case_cause"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Way of disposal",
        "zh": "处置方式"
      },
      "main": false,
      "members": [
        [
          "disposal",
          "word:disposal"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Of it from own stock",
        "zh": "其中出自本单位在库"
      },
      "main": false,
      "members": [
        [
          "from_stock",
          "amount"
        ]
      ]
    },
    {
      "at": "/not_recovered/*",
      "label": {
        "en": "Not recovered",
        "zh": "未收回"
      },
      "main": false,
      "members": [
        [
          "lot",
          "lot"
        ],
        [
          "amount",
          "amount"
        ],
        [
          "missing_because",
          "word:missing_because"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Reason",
        "zh": "更正原因"
      },
      "main": true,
      "members": [
        [
          "reason",
          "word:reason"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Rule set",
        "zh": "规则集"
      },
      "main": false,
      "members": [
        [
          "version",
          "text"
        ]
      ]
    },
    {
      "at": "/lots/*",
      "label": {
        "en": "Goods",
        "zh": "货物"
      },
      "main": true,
      "members": [
        [
          "",
          "lot"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "stage",
        "zh": "环节"
      },
      "main": true,
      "members": [
        [
          "stage",
          "word:stage"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "state of the goods",
        "zh": "贮运形态"
      },
      "main": true,
      "members": [
        [
          "form",
          "word:form"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "lowest temperature (°C)",
        "zh": "最低温度（℃）"
      },
      "main": true,
      "members": [
        [
          "minimum",
          "number"
        ],
        [
          "lowest",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "highest temperature (°C)",
        "zh": "最高温度（℃）"
      },
      "main": true,
      "members": [
        [
          "maximum",
          "number"
        ],
        [
          "highest",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "readings (°C)",
        "zh": "温度读数（℃）"
      },
      "main": false,
      "members": [
        [
          "readings",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "Began at",
        "zh": "开始时间"
      },
      "main": false,
      "members": [
        [
          "start",
          "instant"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "step (seconds)",
        "zh": "间隔（秒）"
      },
      "main": false,
      "members": [
        [
          "step_seconds",
          "number"
        ]
      ]
    },
    {
      "at": "/excursions/*",
      "label": {
        "en": "excursions",
        "zh": "超温时段"
      },
      "main": true,
      "members": [
        [
          "start",
          "instant"
        ],
        [
          "end",
          "instant"
        ],
        [
          "extreme",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "logger",
        "zh": "记录仪编号"
      },
      "main": false,
      "members": [
        [
          "instrument",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "seal",
        "zh": "封签"
      },
      "main": false,
      "members": [
        [
          "seal_intact",
          "word:seal_intact"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "shelf life (days)",
        "zh": "保质期（天）"
      },
      "main": false,
      "members": [
        [
          "shelf_life_days",
          "number"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "kind of receiver",
        "zh": "收货方类型"
      },
      "main": false,
      "members": [
        [
          "receiver_kind",
          "word:receiver_kind"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "bound for",
        "zh": "去往"
      },
      "main": false,
      "members": [
        [
          "destination_division",
          "word:destination_division"
        ],
        [
          "destination_country",
          "text"
        ]
      ]
    },
    {
      "at": "/differences/*",
      "label": {
        "en": "differences on receipt",
        "zh": "收货差异"
      },
      "main": false,
      "members": [
        [
          "lot",
          "lot"
        ],
        [
          "how",
          "word:how"
        ],
        [
          "amount",
          "amount"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "stall",
        "zh": "摊位"
      },
      "main": false,
      "members": [
        [
          "stall",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "certificate",
        "zh": "合格证"
      },
      "main": false,
      "members": [
        [
          "certificate_state",
          "word:certificate_state"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "rapid test",
        "zh": "快检"
      },
      "main": false,
      "members": [
        [
          "rapid_test",
          "word:rapid_test"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "decision",
        "zh": "查验结果"
      },
      "main": true,
      "members": [
        [
          "decision",
          "word:decision"
        ]
      ]
    },
    {
      "at": "/refusal_reasons/*",
      "label": {
        "en": "reasons of the refusal",
        "zh": "拒绝原因"
      },
      "main": false,
      "members": [
        [
          "",
          "word:refusal_reasons"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "tested for",
        "zh": "抽查项目"
      },
      "main": false,
      "members": [
        [
          "item",
          "text"
        ],
        [
          "passed",
          "word:passed"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "platform",
        "zh": "网络平台"
      },
      "main": true,
      "members": [
        [
          "platform",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "destination",
        "zh": "目的国家或地区"
      },
      "main": true,
      "members": [
        [
          "country",
          "text"
        ]
      ]
    },
    {
      "at": "",
      "label": {
        "en": "lot at home it is held against",
        "zh": "对照的内销批次"
      },
      "main": false,
      "members": [
        [
          "domestic_lot",
          "lot"
        ]
      ]
    }
  ]
};
