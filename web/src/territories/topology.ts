/** A map of data/maps: TopoJSON in pixels, whose areas share their borders as arcs. */
export interface Topology {
  size: [number, number];
  transform: { scale: [number, number]; translate: [number, number] };
  arcs: [number, number][][];
  objects: { areas: { geometries: Shape[] } };
}

interface Shape {
  id?: string;
  /** Missing where simplifying has left nothing of the shape. */
  type?: "Polygon" | "MultiPolygon" | null;
  arcs?: number[][] | number[][][];
}

export interface DrawnArea {
  id: string;
  path: string;
  arcs: number[];
  /** Middle of the largest part, and how many square pixels it has. */
  middle: [number, number];
  size: number;
}

export interface DrawnMap {
  width: number;
  height: number;
  areas: DrawnArea[];
  /** Each arc as a path, and the areas on its sides. */
  arcs: { path: string; sides: number[] }[];
}

const isDrawn = (shape: Shape) => Boolean(shape.id && shape.type && shape.arcs);

const tenth = (value: number) => Math.round(value * 10) / 10;

/** Makes paths of a topology. */
export function drawn(topology: Topology): DrawnMap {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((steps) => {
    let x = 0;
    let y = 0;
    return steps.map(([right, down]): [number, number] => {
      x += right;
      y += down;
      return [tenth(x * scale[0] + translate[0]), tenth(y * scale[1] + translate[1])];
    });
  });
  const sides: number[][] = arcs.map(() => []);
  const pointsOf = (ring: number[]) =>
    ring.flatMap((arc) => (arc < 0 ? [...(arcs[~arc] ?? [])].reverse() : (arcs[arc] ?? [])).slice(0, -1));
  const areas = topology.objects.areas.geometries.flatMap((shape, at) => {
    if (!isDrawn(shape)) return [];
    const rings = (shape.type === "Polygon" ? shape.arcs : shape.arcs?.flat()) as number[][];
    const used = rings.flat().map((arc) => (arc < 0 ? ~arc : arc));
    for (const arc of used) sides[arc]?.push(at);
    const points = rings.map(pointsOf);
    const largest = points.reduce((best, ring) => (surface(ring) >= surface(best) ? ring : best), []);
    const xs = largest.map(([x]) => x);
    const ys = largest.map(([, y]) => y);
    const between = (values: number[]) =>
      (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
    return [
      {
        id: shape.id ?? "",
        path: points.map((ring) => `M${ring.map((point) => point.join(",")).join("L")}Z`).join(""),
        arcs: used,
        middle: [between(xs), between(ys)] as [number, number],
        size: surface(largest),
      },
    ];
  });
  // Places among the shapes become places among the areas.
  const place = new Map<number, number>();
  topology.objects.areas.geometries.forEach((shape, at) => {
    if (isDrawn(shape)) place.set(at, place.size);
  });
  return {
    width: topology.size[0],
    height: topology.size[1],
    areas,
    arcs: arcs.map((points, at) => ({
      path: `M${points.map((point) => point.join(",")).join("L")}`,
      sides: (sides[at] ?? []).map((side) => place.get(side) ?? -1),
    })),
  };
}

function surface(ring: [number, number][]): number {
  let twice = 0;
  ring.forEach(([x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length] ?? [x, y];
    twice += x * nextY - nextX * y;
  });
  return Math.abs(twice) / 2;
}
