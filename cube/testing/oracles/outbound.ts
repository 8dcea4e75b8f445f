/** Shipments to customers: what all of logistics counts. */
export const OUTBOUND = "(select * from shipments where is_return_leg is false)";
