// The shop's product list with landed costs.
import path from "node:path";
import { CATEGORIES, type Product } from "../catalogue.ts";
import { csvRow, TextFile, writeMapping } from "./output.ts";

const HEADER = ["sku", "name_en", "name_zh", "category", "brand", "supplier", "unit_cost", "currency", "asin"];

const MAPPING = `# The shop's product list; the name in both languages.
entity: products
files: ["products.csv"]
delimiter: ","
quote: '"'
encoding: utf-8
system: catalogue
time_zone: UTC
columns:
  product_id: sku
  product_name: {concat: [name_en, name_zh], separator: " · "}
  category: category
  brand: brand
  supplier: supplier
  unit_cost: unit_cost
  currency: currency
`;

export function writeCatalogue(folder: string, products: readonly Product[]): void {
  const own = path.join(folder, "catalogue");
  writeMapping(path.join(own, "products.mapping.yml"), MAPPING);
  const file = new TextFile(path.join(own, "products.csv"));
  file.write(csvRow(HEADER));
  for (const product of products) {
    const category = CATEGORIES[product.category];
    file.write(
      csvRow([
        product.sku,
        product.name,
        product.nameZh,
        `${category.title} ${category.titleZh}`,
        product.brand,
        product.supplier,
        product.unitCostCny.toFixed(2),
        "CNY",
        product.asin,
      ]),
    );
  }
  file.close();
}
