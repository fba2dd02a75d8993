/** All zones the browser knows, the current one in any case. */
export function timeZones(current: string) {
  const known = Intl.supportedValuesOf("timeZone");
  const all = known.includes(current) ? known : [current, ...known];
  return all.map((value) => ({ value, label: value.replaceAll("_", " ") }));
}
