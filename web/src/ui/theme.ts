import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

// Every shade is the same token: Mantine computes nothing, the tokens decide light and dark.
const one = (name: string): MantineColorsTuple => {
  const value = `var(--${name})`;
  return [value, value, value, value, value, value, value, value, value, value];
};

// The page itself never scrolls, so nothing needs locking; the lock would write a style tag without nonce.
// No component is imported here: each loads with the page that needs it.
// A header inside a dialog is no landmark of the page.
const still = {
  lockScroll: false,
  transitionProps: { duration: 160 },
  attributes: { header: { role: "presentation" } },
};

export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-mono)",
  headings: { fontFamily: "var(--font-display)" },
  fontSizes: { xs: "11px", sm: "12px", md: "13px", lg: "15px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "16px", md: "20px", lg: "22px", xl: "26px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "20px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "999px" },
  defaultRadius: "sm",
  primaryColor: "fir",
  primaryShade: 8,
  colors: { fir: one("fir"), red: one("bad"), gray: one("ink-3") },
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: { withArrow: false, openDelay: 350, events: { hover: true, focus: true, touch: false } },
    },
    Modal: { defaultProps: still },
    Drawer: { defaultProps: still },
  },
});

const tokens = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-bright": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-3)",
  "--mantine-color-placeholder": "var(--ink-3)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-anchor": "var(--fir)",
  "--mantine-color-default": "var(--raised)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--line-ctl)",
  "--mantine-color-disabled": "var(--sunken)",
  "--mantine-color-disabled-color": "var(--ink-3)",
  "--mantine-color-disabled-border": "var(--line-2)",
  "--mantine-primary-color-filled": "var(--fir)",
  "--mantine-primary-color-filled-hover": "var(--fir-hover)",
  "--mantine-primary-color-contrast": "var(--on-fir)",
  "--mantine-primary-color-light": "var(--fir-soft)",
  "--mantine-primary-color-light-hover": "var(--sel)",
};

export const resolver: CSSVariablesResolver = () => ({ variables: {}, light: tokens, dark: tokens });

/** Finds the nonce that the server put into the page, so that style tags made at run time pass the policy. */
export const nonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
