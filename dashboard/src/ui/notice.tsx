import { AlertTriangle, Info } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/cn.ts";

interface NoticeProps {
  readonly tone: "info" | "warn" | "bad";
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

const TONES: Record<NoticeProps["tone"], string> = {
  info: "bg-info-soft text-info",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};

export function Notice({ tone, children, action }: NoticeProps) {
  const Icon = tone === "info" ? Info : AlertTriangle;
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={cn("flex items-start gap-2 rounded-md px-3 py-2 text-sm", TONES[tone])}
    >
      <Icon aria-hidden className="mt-px size-4 shrink-0" />
      <div className="min-w-0 flex-1 break-words">{children}</div>
      {action}
    </div>
  );
}
