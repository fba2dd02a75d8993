import { expect, test } from "vitest";
import { formatTime } from "./format";
import { momentOf, readIn, wallOf } from "./zone";

test.each([
  ["Europe/Berlin", "2026-07-01T09:30", "2026-07-01T07:30:00.000Z"],
  ["Europe/Berlin", "2026-01-01T00:00", "2025-12-31T23:00:00.000Z"],
  ["America/New_York", "2026-07-01T09:30", "2026-07-01T13:30:00.000Z"],
  ["Asia/Kathmandu", "2026-07-01T09:30", "2026-07-01T03:45:00.000Z"],
])("in %s, %s is %s, there and back", (zone, wall, moment) => {
  readIn(zone);
  expect(momentOf(wall)).toBe(moment);
  expect(wallOf(moment)).toBe(wall);
});

test("an hour that the clocks skip in spring becomes the hour after it", () => {
  readIn("Europe/Berlin");
  expect(momentOf("2026-03-29T02:30")).toBe("2026-03-29T01:30:00.000Z");
});

test("moments are shown in the account's zone, not in the browser's", () => {
  readIn("America/New_York");
  expect(formatTime("2026-07-01T13:30:00Z", "de")).toContain("09:30");
});
