import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";

interface Frame {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong, why, and the remedy. */
  error?: ReactNode;
  optional?: ReactNode;
}

/** Label above, hint or error below, tied to the control by ids. */
export function Field({
  label,
  hint,
  error,
  optional,
  children,
}: Frame & {
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}) {
  const id = useId();
  const said = error || hint;
  return (
    <div className="field">
      <label className="lab" htmlFor={id}>
        {label} {optional ? <span className="ink3">{optional}</span> : null}
      </label>
      {children({
        id,
        "aria-describedby": said ? `${id}-said` : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {said ? (
        <p
          id={`${id}-said`}
          className={`said hyphens ${error ? "bad" : ""}`}
          role={error ? "alert" : undefined}
        >
          {said}
        </p>
      ) : null}
    </div>
  );
}

export function TextField({
  label,
  hint,
  error,
  optional,
  large,
  ...rest
}: Frame & { large?: boolean } & Omit<ComponentProps<"input">, "id">) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(ids) => <input {...rest} {...ids} className={`inp ${large ? "l" : ""}`} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  optional,
  ...rest
}: Frame & Omit<ComponentProps<"textarea">, "id">) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(ids) => <textarea {...rest} {...ids} className="inp" />}
    </Field>
  );
}

/** A short fixed list: the browser's own select, which every screen reader and phone knows. */
export function SelectField({
  label,
  hint,
  error,
  optional,
  choices,
  large,
  ...rest
}: Frame & { choices: { value: string; label: string }[]; large?: boolean } & Omit<
    ComponentProps<"select">,
    "id"
  >) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(ids) => (
        <select {...rest} {...ids} className={`inp ${large ? "l" : ""}`}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function PasswordField({
  label,
  hint,
  error,
  show,
  hide,
  large,
  ...rest
}: Frame & { show: string; hide: string; large?: boolean } & Omit<ComponentProps<"input">, "id" | "type">) {
  const [open, setOpen] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, ...aria }) => (
        <span className={`inp ${large ? "l" : ""} ${error ? "err" : ""}`}>
          <input {...rest} {...aria} id={id} type={open ? "text" : "password"} />
          <button
            type="button"
            aria-label={open ? hide : show}
            aria-pressed={open}
            onClick={() => setOpen(!open)}
          >
            {open ? <EyeOff size={16} /> : <Eye size={16} />}
          </button>
        </span>
      )}
    </Field>
  );
}
