import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { UserView } from "../api/generated/types.gen";
import { renewInvitation, withdrawInvitation } from "../api/people";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/toasts";
import { InvitationLinkShown } from "./InvitationLinkShown";
import { refreshPeople } from "./refresh";

/** What can be done for somebody who has no password yet: a new link, or taking the invitation back. */
export function InvitedRow({ user }: { user: UserView }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const failed = (error: unknown) => toast(words.problem(error) ?? "", { bad: true });
  const renew = useMutation({
    mutationFn: () => renewInvitation(user.id),
    onSuccess: () => refreshPeople(client),
    onError: failed,
  });
  const withdraw = useMutation({
    mutationFn: () => withdrawInvitation(user.id),
    onSuccess: async () => {
      await refreshPeople(client);
      toast(t`The link of ${user.name} lets nobody in any more`);
    },
    onError: failed,
  });
  return (
    <>
      <Button
        size="s"
        look="quiet"
        busy={renew.isPending}
        aria-label={user.account?.invitation ? t`New link for ${user.name}` : t`Invite ${user.name}`}
        onClick={() => renew.mutate()}
      >
        {user.account?.invitation ? t`New link` : t`Invite`}
      </Button>
      {user.account?.invitation ? (
        <Button
          size="s"
          look="quiet"
          danger
          busy={withdraw.isPending}
          aria-label={t`Withdraw the invitation of ${user.name}`}
          onClick={() => withdraw.mutate()}
        >{t`Withdraw`}</Button>
      ) : null}
      {renew.data ? (
        <Dialog
          title={t`New link for ${user.name}`}
          opened
          onClose={() => renew.reset()}
          closeLabel={t`Close`}
          size={540}
        >
          <InvitationLinkShown name={user.name} link={renew.data} onClose={() => renew.reset()} />
        </Dialog>
      ) : null}
    </>
  );
}
