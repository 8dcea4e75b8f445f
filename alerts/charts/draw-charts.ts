// Pictures of the findings as PNG, drawn without a browser. A picture that fails never stops the mail: its error comes back in its place.
import { createHash } from "node:crypto";
import { Resvg } from "@resvg/resvg-js";
import { anomalyChartSvg, CHART_HEIGHT, CHART_WIDTH, type AnomalyChartInput } from "./anomaly-chart.ts";
import { withChartFont } from "./chart-font.ts";

/** Pixels drawn for each css pixel, so that it is sharp on dense screens. */
export const CHART_DENSITY = 2;

export interface ChartPicture {
  readonly png: Uint8Array;
  /** In css pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the picture's content; names it in the mail. */
  readonly hash: string;
}

/** One picture or error for each input, null for an input without days, in the order of `inputs`. */
export async function drawCharts(inputs: readonly AnomalyChartInput[]): Promise<(ChartPicture | Error | null)[]> {
  if (inputs.every((input) => input.days.length === 0)) return inputs.map(() => null);
  try {
    return await withChartFont((fontFile) =>
      inputs.map((input) => (input.days.length === 0 ? null : drawOrError(input, fontFile))),
    );
  } catch (error) {
    return inputs.map((input) => (input.days.length === 0 ? null : asError(error)));
  }
}

function drawOrError(input: AnomalyChartInput, fontFile: string): ChartPicture | Error {
  try {
    return drawChart(input, fontFile);
  } catch (error) {
    return asError(error);
  }
}

function drawChart(input: AnomalyChartInput, fontFile: string): ChartPicture {
  const image = new Resvg(anomalyChartSvg(input), {
    fitTo: { mode: "width", value: CHART_WIDTH * CHART_DENSITY },
    background: "#ffffff",
    font: { loadSystemFonts: false, fontFiles: [fontFile], defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  }).render();
  const png = image.asPng();
  return {
    png,
    width: CHART_WIDTH,
    height: CHART_HEIGHT,
    hash: createHash("sha256").update(png).digest("hex").slice(0, 16),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
