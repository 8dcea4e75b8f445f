import { useEffect, type ReactNode } from "react";

interface PageTitleProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** The page's heading, also set as the window's title. */
export function PageTitle({ title, children }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · Aftersight`;
  }, [title]);
  return (
    <div className="min-w-0">
      <h1 className="text-lg font-semibold tracking-tight break-words text-ink">{title}</h1>
      {children}
    </div>
  );
}
