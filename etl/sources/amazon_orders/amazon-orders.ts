// Amazon's "all orders" flat files (GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL, ..._BY_LAST_UPDATE_GENERAL):
// tab-separated, one row an item, a quote is a literal character, no buyer.
import { noDataFeed } from "../no-data.ts";
import type { DelimitedFeed, Source } from "../source.ts";

const ORDERS: DelimitedFeed = {
  kind: "delimited",
  name: "orders",
  extensions: [".txt", ".tsv", ".csv"],
  delimiter: "\t",
  quote: null,
  columns: [
    { name: "amazon_order_id", headers: ["amazon-order-id"], required: true },
    { name: "purchase_date", headers: ["purchase-date"], required: true },
    { name: "last_updated_date", headers: ["last-updated-date"] },
    { name: "order_status", headers: ["order-status"], required: true },
    { name: "sales_channel", headers: ["sales-channel"] },
    { name: "order_item_id", headers: ["order-item-id"] },
    { name: "product_name", headers: ["product-name"] },
    { name: "sku", headers: ["sku"], required: true },
    { name: "item_status", headers: ["item-status"] },
    { name: "quantity", headers: ["quantity"], required: true },
    { name: "currency", headers: ["currency"] },
    { name: "item_price", headers: ["item-price"] },
    { name: "item_tax", headers: ["item-tax"] },
    { name: "shipping_price", headers: ["shipping-price"] },
    { name: "shipping_tax", headers: ["shipping-tax"] },
    { name: "gift_wrap_price", headers: ["gift-wrap-price"] },
    { name: "gift_wrap_tax", headers: ["gift-wrap-tax"] },
    { name: "item_promotion_discount", headers: ["item-promotion-discount"] },
    { name: "ship_promotion_discount", headers: ["ship-promotion-discount"] },
    { name: "ship_country", headers: ["ship-country"] },
    { name: "is_replacement_order", headers: ["is-replacement-order"] },
    { name: "is_exchange_order", headers: ["is-exchange-order"] },
  ],
};

export const amazonOrders: Source = {
  system: "amazon_orders",
  title: "Amazon all orders",
  feeds: [ORDERS, noDataFeed(ORDERS)],
  entities: ["orders", "order_items"],
};
