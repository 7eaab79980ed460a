import type uPlot from "uplot";

/** How a bar is filled: all of it, with lines across, or not at all. Who sees no colours tells them apart by it. */
export type BarLook = "solid" | "hatched" | "hollow";

const STEP = 6;

/** A filling for a canvas, in this colour, on paper of that one. */
export function fillOf(
  look: BarLook,
  plot: uPlot,
  colour: string,
  paper: string,
): CanvasRenderingContext2D["fillStyle"] {
  switch (look) {
    case "solid":
      return colour;
    case "hatched":
      return hatching(plot, colour, paper);
    case "hollow":
      return paper;
    default:
      return look satisfies never;
  }
}

function hatching(plot: uPlot, colour: string, paper: string): CanvasRenderingContext2D["fillStyle"] {
  const size = STEP * devicePixelRatio;
  const tile = document.createElement("canvas");
  [tile.width, tile.height] = [size, size];
  const ctx = tile.getContext("2d");
  if (ctx === null) return colour;
  ctx.fillStyle = paper;
  ctx.fillRect(0, 0, size, size);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  // Once more at each corner, so that the lines go on from tile to tile.
  for (const shift of [-size, 0, size]) {
    ctx.moveTo(shift, size);
    ctx.lineTo(shift + size, 0);
  }
  ctx.stroke();
  return plot.ctx.createPattern(tile, "repeat") ?? colour;
}

/** The same as a background of an element. */
export function markerOf(look: BarLook, colour: string, paper: string): string {
  switch (look) {
    case "solid":
      return colour;
    case "hatched":
      return `repeating-linear-gradient(135deg, ${colour} 0 2px, ${paper} 2px 4px)`;
    case "hollow":
      return paper;
    default:
      return look satisfies never;
  }
}
