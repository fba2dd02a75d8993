import { Tooltip } from "@mantine/core";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { Kbd } from "./Kbd";

type Look = "plain" | "filled" | "quiet";
interface Props extends Omit<ComponentProps<"button">, "disabled" | "title"> {
  look?: Look;
  size?: "s" | "m" | "l";
  /** Names an icon-only button, and becomes its tooltip. */
  label?: string;
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
  wide?: boolean;
  busy?: boolean;
  /** Why the button cannot be used now; it stays focusable so that the reason can be read. */
  blocked?: string | false | null;
}

export function Button({
  look = "plain",
  size = "m",
  label,
  icon,
  keys,
  danger,
  wide,
  busy,
  blocked,
  children,
  className = "",
  onClick,
  type = "button",
  ...rest
}: Props) {
  const still = Boolean(blocked) || Boolean(busy);
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (still) return event.preventDefault();
    onClick?.(event);
  };
  const names = [
    "btn",
    { plain: "", filled: "pri", quiet: "q" }[look],
    { s: "s", m: "", l: "l" }[size],
    children ? "" : "i",
    danger ? "bad" : "",
    wide ? "wide" : "",
    className,
  ];
  const button = (
    <button
      {...rest}
      type={type}
      className={names.filter(Boolean).join(" ")}
      onClick={click}
      aria-label={label ?? rest["aria-label"]}
      aria-disabled={still || undefined}
      aria-busy={busy || undefined}
    >
      {icon}
      {children}
      {keys ? <Kbd keys={keys} /> : null}
    </button>
  );
  const hint = blocked || (children ? null : label);
  return hint ? <Tooltip label={hint}>{button}</Tooltip> : button;
}
