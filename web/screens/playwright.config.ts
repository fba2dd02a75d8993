import base from "../playwright.config";

export default {
  ...base,
  testDir: ".",
  projects: [{ name: "screens", testMatch: /screens\.spec\.ts/ }],
};
