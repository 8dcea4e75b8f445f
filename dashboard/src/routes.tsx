// Every page in one table. Adding a page is one line here (and its title in the catalogues).
import { LayoutDashboard, Package, type LucideIcon } from "lucide-react";
import { lazy, type ComponentType } from "react";

interface Route {
  readonly path: string;
  /** Key under `pages` in the catalogues. */
  readonly title: "overview" | "products" | "product";
  /** Shown in the navigation when given. */
  readonly icon?: LucideIcon;
  readonly page: ComponentType;
}

export const ROUTES: readonly Route[] = [
  { path: "/", title: "overview", icon: LayoutDashboard, page: lazy(() => import("./pages/overview.tsx")) },
  { path: "/products", title: "products", icon: Package, page: lazy(() => import("./pages/products.tsx")) },
  { path: "/products/:id", title: "product", page: lazy(() => import("./pages/product.tsx")) },
];

export const NAVIGATION = ROUTES.flatMap((route) => (route.icon ? [{ ...route, icon: route.icon }] : []));

/** Address of a product's page. The router undoes one layer for all but reserved signs, so `%` itself needs a second one. */
export function productPath(productId: string): string {
  return `/products/${encodeURIComponent(productId.replaceAll("%", "%25"))}`;
}

/** The product id in a router's parameter: the inverse of `productPath`. */
export function productIdOf(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
}
