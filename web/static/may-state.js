/** Which roles may state which kind of event. Written by `python -m web.generated`. */
export const mayState = {
  "certificate-issued": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "market",
    "processor",
    "retailer"
  ],
  "codes-issued": [
    "brand-owner",
    "cooperative",
    "farm",
    "processor"
  ],
  "codes-voided": [
    "brand-owner",
    "cooperative",
    "farm",
    "processor",
    "regulator"
  ],
  "confirmed": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer"
  ],
  "corrected": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer"
  ],
  "erased": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer"
  ],
  "harvested": [
    "cooperative",
    "farm"
  ],
  "hold-resolved": [
    "laboratory",
    "regulator"
  ],
  "input-applied": [
    "cooperative",
    "farm"
  ],
  "input-bought": [
    "cooperative",
    "farm"
  ],
  "inspected": [
    "laboratory"
  ],
  "member-registered": [
    "cooperative",
    "farm"
  ],
  "packed": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "market",
    "processor",
    "retailer"
  ],
  "partner-claimed": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer"
  ],
  "party-registered": [
    "operator",
    "regulator"
  ],
  "plot-registered": [
    "cooperative",
    "farm"
  ],
  "prefix-licensed": [
    "operator",
    "regulator"
  ],
  "processed": [
    "brand-owner",
    "cooperative",
    "farm",
    "processor"
  ],
  "product-registered": [
    "brand-owner",
    "cooperative",
    "farm",
    "processor"
  ],
  "recalled": [
    "brand-owner",
    "cooperative",
    "farm",
    "processor",
    "regulator"
  ],
  "received": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "market",
    "processor",
    "retailer"
  ],
  "retailed": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "market",
    "processor",
    "retailer"
  ],
  "rules-adopted": [
    "operator",
    "regulator"
  ],
  "shipped": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "market",
    "processor",
    "retailer"
  ],
  "treated": [
    "cooperative",
    "farm"
  ],
  "unpacked": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "market",
    "processor",
    "retailer"
  ],
  "untraced-received": [
    "brand-owner",
    "carrier",
    "cooperative",
    "farm",
    "market",
    "processor",
    "retailer"
  ]
};
