/** Which roles may state which kind of event. Written by `python -m web.generated`. */
export const mayState = {
  "accreditation-changed": [
    "certifier",
    "regulator"
  ],
  "admission-assessed": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "alert-acknowledged": [
    "regulator"
  ],
  "alert-done": [
    "regulator"
  ],
  "alert-raised": [
    "laboratory",
    "operator",
    "regulator"
  ],
  "base-certified": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "base-tested": [
    "laboratory",
    "regulator"
  ],
  "base-withdrawn": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "calibrated": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "capacity-declared": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "carried": [
    "carrier"
  ],
  "case-closed": [
    "regulator"
  ],
  "case-opened": [
    "regulator"
  ],
  "certificate-collected": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "certificate-issued": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "certificate-reported": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "codes-activated": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "codes-issued": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "codes-prepared": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "codes-recalled": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "codes-sold": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "codes-voided": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "confirmed": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "control-measured": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "control-point-declared": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "corrected": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "correction-ordered": [
    "regulator"
  ],
  "correction-reported": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "corrective-action-taken": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "counterparty-noted": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "credential-recorded": [
    "regulator"
  ],
  "credential-withdrawn": [
    "regulator"
  ],
  "credit-objected": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "credit-objection-decided": [
    "regulator"
  ],
  "credit-repaired": [
    "regulator"
  ],
  "dishonesty-lifted": [
    "regulator"
  ],
  "dishonesty-listed": [
    "regulator"
  ],
  "dishonesty-repaired": [
    "regulator"
  ],
  "draw-announced": [
    "regulator"
  ],
  "draw-made": [
    "regulator"
  ],
  "entry-checked": [
    "market"
  ],
  "erased": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "export-declared": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "field-worked": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "findings-reported": [
    "regulator"
  ],
  "gi-user-authorised": [
    "regulator"
  ],
  "gi-user-withdrawn": [
    "regulator"
  ],
  "harvested": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "hold-lifted": [
    "regulator"
  ],
  "hold-placed": [
    "regulator"
  ],
  "hold-resolved": [
    "laboratory",
    "regulator"
  ],
  "input-adjusted": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "input-applied": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "input-bought": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "inspected": [
    "laboratory"
  ],
  "instrument-registered": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "keeping-declared": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "laboratory-accredited": [
    "certifier",
    "regulator"
  ],
  "licence-granted": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "licence-resumed": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "licence-revoked": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "licence-suspended": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "listing-ended": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "mark-applied": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "mark-registered": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "mark-retired": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "member-registered": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "notice-acknowledged": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "notice-sent": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "objected": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "online-listed": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "packed": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "partner-claimed": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "party-ended": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "party-proposed": [
    "brand-owner",
    "carrier",
    "certifier",
    "cooperative",
    "dealer",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "operator",
    "processor",
    "retailer",
    "stall"
  ],
  "party-registered": [
    "operator",
    "regulator"
  ],
  "party-resumed": [
    "regulator"
  ],
  "party-suspended": [
    "regulator"
  ],
  "party-verified": [
    "regulator"
  ],
  "plot-registered": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "prefix-licensed": [
    "operator",
    "regulator"
  ],
  "processed": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "product-registered": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "protocol-adopted": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "ratings-counted": [
    "operator"
  ],
  "recall-completed": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "recall-disposed": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "recall-recovered": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "recall-started": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "recalled": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "received": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "reinspected": [
    "regulator"
  ],
  "report-answered": [
    "regulator"
  ],
  "report-received": [
    "operator",
    "regulator"
  ],
  "result-notified": [
    "laboratory",
    "regulator"
  ],
  "retailed": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "retest-ordered": [
    "regulator"
  ],
  "reward-granted": [
    "regulator"
  ],
  "reward-paid": [
    "regulator"
  ],
  "rules-adopted": [
    "operator",
    "regulator"
  ],
  "sampled": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "laboratory",
    "market",
    "processor",
    "regulator",
    "retailer",
    "stall"
  ],
  "scans-counted": [
    "operator"
  ],
  "scheme-base-registered": [
    "brand-owner",
    "certifier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "scheme-certified": [
    "certifier",
    "regulator"
  ],
  "scheme-changed": [
    "certifier",
    "regulator"
  ],
  "scheme-used": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "season-basis-set": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "shipped": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "spot-checked": [
    "market"
  ],
  "stall-ended": [
    "market"
  ],
  "stall-registered": [
    "market"
  ],
  "story-told": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor"
  ],
  "task-assigned": [
    "regulator"
  ],
  "task-reported": [
    "regulator"
  ],
  "temperature-logged": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "template-declared": [
    "brand-owner",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "processor",
    "regulator"
  ],
  "treated": [
    "cooperative",
    "enterprise",
    "farm",
    "household"
  ],
  "unpacked": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ],
  "untraced-received": [
    "brand-owner",
    "carrier",
    "cooperative",
    "enterprise",
    "farm",
    "household",
    "market",
    "processor",
    "retailer",
    "stall"
  ]
};
