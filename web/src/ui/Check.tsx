import { type ComponentProps, type ReactNode, useId } from "react";

type Box = Omit<ComponentProps<"input">, "type" | "id">;

/** A tick with its words beside it. */
export function CheckField({ children, hint, ...rest }: Box & { children: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <div className="row" style={{ alignItems: "flex-start" }}>
      <input {...rest} id={id} type="checkbox" className="chk" style={{ marginTop: 3 }} />
      <label htmlFor={id} className="grow">
        {children}
        {hint ? (
          <span className="small ink3" style={{ display: "block" }}>
            {hint}
          </span>
        ) : null}
      </label>
    </div>
  );
}

export function Switch({ label, ...rest }: Box & { label: string }) {
  return <input {...rest} type="checkbox" role="switch" className="sw" aria-label={label} />;
}

export function SwitchField({ children, hint, ...rest }: Box & { children: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <div className="row g3" style={{ alignItems: "flex-start" }}>
      <input {...rest} id={id} type="checkbox" role="switch" className="sw" style={{ marginTop: 2 }} />
      <label htmlFor={id} className="grow">
        {children}
        {hint ? (
          <span className="small ink3" style={{ display: "block" }}>
            {hint}
          </span>
        ) : null}
      </label>
    </div>
  );
}
