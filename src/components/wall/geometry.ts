/**
 * The plan of the fortress: seven rings of masonry, ring inside ring, 8.1 outermost. A ring is divided among the
 * labs of its section; each lab owns a stretch of stones, set one after the other as its score grows.
 * Deterministic, so that the same course is always the same fortress.
 */

export interface Stone {
  /** SVG path data. */
  readonly path: string;
}
export interface Ring {
  readonly stretches: readonly (readonly Stone[])[];
  /** Where the wall is open: the section's number stands there. */
  readonly gate: { readonly x: number; readonly y: number };
}

export const size = 600;
const centre = size / 2;
const outermost = 276;
const step = 34;
const thickness = 21;
/** Between stones; the stroke that rounds their corners lies half outside. */
const mortar = 6;
const stoneWidth = 34;
const gateWidth = 46;
/** Between a circle (2) and a square (∞): the rounded plan of a castle. */
const squareness = 3.6;
/** Gates never stand in line: an attacker has to go round. */
const gateAngles = [0.25, 0.68, 0.1, 0.55, 0.92, 0.4, 0.75];

/** A small repeatable generator (mulberry32), seeded by the ring. */
function random(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function point(radius: number, angle: number): [number, number] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const reach = radius / (Math.abs(c) ** squareness + Math.abs(s) ** squareness) ** (1 / squareness);
  return [centre + reach * c, centre + reach * s];
}

/** Angles at equal steps of length along the ring, starting at its gate. */
function measure(radius: number, start: number) {
  const samples = 720;
  const lengths = [0];
  let before = point(radius, start);
  for (let i = 1; i <= samples; i++) {
    const here = point(radius, start + (i / samples) * 2 * Math.PI);
    lengths.push((lengths[i - 1] ?? 0) + Math.hypot(here[0] - before[0], here[1] - before[1]));
    before = here;
  }
  const total = lengths[samples] ?? 0;
  const angleAt = (length: number) => {
    const found = lengths.findIndex((value) => value >= length);
    const next = Math.max(found < 0 ? samples : found, 1);
    const [low, high] = [lengths[next - 1] ?? 0, lengths[next] ?? total];
    const sample = next - 1 + (length - low) / (high - low);
    return start + (sample / samples) * 2 * Math.PI;
  };
  return { total, angleAt };
}

function stone(inner: number, outer: number, from: number, to: number): Stone {
  const at = (radius: number, part: number) => point(radius, from + (to - from) * part);
  const corners = [at(outer, 0), at(outer, 0.5), at(outer, 1), at(inner, 1), at(inner, 0.5), at(inner, 0)];
  return { path: `M${corners.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z` };
}

/** @param labs how many labs each section has, from 8.1 on. */
export function plan(labs: readonly number[]): Ring[] {
  return labs.map((count, index) => {
    const radius = outermost - index * step;
    const dice = random(index + 1);
    const start = (gateAngles[index] ?? 0) * 2 * Math.PI;
    const { total, angleAt } = measure(radius, start);
    const wall = total - gateWidth;
    const number = Math.round(wall / stoneWidth);
    const widths = Array.from({ length: number }, () => 0.7 + dice() * 0.6);
    const scale = wall / widths.reduce((sum, width) => sum + width, 0);
    let at = gateWidth / 2;
    const stones = widths.map((width) => {
      const from = at + mortar / 2;
      at += width * scale;
      const uneven = dice() * 3;
      return stone(
        radius - thickness / 2 + uneven,
        radius + thickness / 2 - dice() * 2,
        angleAt(from),
        angleAt(at - mortar / 2),
      );
    });
    const parts = Math.max(count, 1);
    const stretches = Array.from({ length: parts }, (_, part) =>
      stones.slice(Math.round((part * number) / parts), Math.round(((part + 1) * number) / parts)),
    );
    const [x, y] = point(radius, start);
    return { stretches, gate: { x: Math.round(x), y: Math.round(y) } };
  });
}
