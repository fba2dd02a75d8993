import { useLingui } from "@lingui/react/macro";
import { CircleAlert, X } from "lucide-react";
import { Button } from "./Button";
import { dismiss, hold, release, useToasts } from "./toasts";

export function Toasts() {
  const { t } = useLingui();
  const messages = useToasts();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {messages.map((message) => (
        <div
          key={message.id}
          className="toast"
          onPointerEnter={() => hold(message.id)}
          onPointerLeave={() => release(message.id)}
          onFocus={() => hold(message.id)}
          onBlur={() => release(message.id)}
        >
          {message.bad ? <CircleAlert size={16} aria-hidden="true" /> : null}
          <span className="hyphens">{message.said}</span>
          {message.undo ? (
            <Button
              size="s"
              keys="Z"
              onClick={() => {
                dismiss(message.id);
                message.undo?.();
              }}
            >{t`Undo`}</Button>
          ) : null}
          <Button
            size="s"
            look="quiet"
            label={t`Close`}
            icon={<X size={14} />}
            onClick={() => dismiss(message.id)}
          />
        </div>
      ))}
    </div>
  );
}
