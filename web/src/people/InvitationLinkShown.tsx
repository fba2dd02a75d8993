import { Trans, useLingui } from "@lingui/react/macro";
import { CopyButton } from "@mantine/core";
import { Copy } from "lucide-react";
import type { InvitationLink } from "../api/generated/types.gen";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { formatDate } from "../ui/format";
import { Note } from "../ui/Note";

/** The link of an invitation, which is shown this once and handed over by whoever invites. */
export function InvitationLinkShown({
  name,
  link,
  onClose,
}: {
  name: string;
  link: InvitationLink;
  onClose: () => void;
}) {
  const { t, i18n } = useLingui();
  const address = `${window.location.origin}${paths.invitation}#${link.token}`;
  return (
    <div className="col g4">
      <p>
        <Trans>
          Send this link to {name}. It lets in once, until {formatDate(link.expires_at, i18n.locale)}.
        </Trans>
      </p>
      <div className="row">
        <code
          className="well mono grow"
          style={{ overflowWrap: "anywhere", userSelect: "all" }}
          data-testid="invitation-link"
        >
          {address}
        </code>
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button look="filled" icon={<Copy size={15} aria-hidden="true" />} onClick={copy}>
              {copied ? t`Copied` : t`Copy`}
            </Button>
          )}
        </CopyButton>
      </div>
      <Note kind="warn">{t`It is shown only now. Whoever has it becomes this person: send it by a way that only they read. A lost link is renewed under “Users”.`}</Note>
      <div className="dialog-foot" style={{ marginTop: 0 }}>
        <Button onClick={onClose}>{t`Done`}</Button>
      </div>
    </div>
  );
}
