import { useLingui } from "@lingui/react/macro";
import { Menu, useMantineColorScheme } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Languages, LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import type { ReactElement } from "react";
import { changeLanguage } from "../api/people";
import { sessionQuery, signOut, useSession } from "../api/session";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { paint, type Theme } from "../ui/appearance";
import type { Language } from "../ui/language";
import { forgetLists } from "../ui/lists";
import { toast } from "../ui/toasts";

const icon = { size: 16, strokeWidth: 1.75, "aria-hidden": true } as const;

/** Account, language, theme and sign-out, behind one's own name. */
export function AccountMenu({ children }: { children: ReactElement }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const session = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      client.clear();
      await forgetLists();
      await navigate({ to: paths.signIn });
    },
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
  });
  // The page speaks at once; of two quick choices the last one stays, here and on the server.
  const language = useMutation({
    mutationKey: ["language"],
    scope: { id: "language" },
    mutationFn: (next: Language) => changeLanguage(session.user.id, next),
    onMutate: async (next) => {
      await client.cancelQueries(sessionQuery);
      client.setQueryData(
        sessionQuery.queryKey,
        (was) => was && { ...was, user: { ...was.user, language: next } },
      );
    },
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
    onSettled: async () => {
      if (client.isMutating({ mutationKey: ["language"] }) === 1)
        await client.invalidateQueries(sessionQuery);
    },
  });
  const look = (theme: Theme) => {
    setColorScheme(theme);
    paint(theme);
  };
  const other: Language = i18n.locale === "de" ? "en" : "de";
  const themes: { value: Theme; label: string; icon: ReactElement }[] = [
    { value: "auto", label: t`As the system`, icon: <Monitor {...icon} /> },
    { value: "light", label: t`Light`, icon: <Sun {...icon} /> },
    { value: "dark", label: t`Dark`, icon: <Moon {...icon} /> },
  ];
  return (
    <Menu position="top-start" width={208} transitionProps={{ duration: 0 }}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to={paths.account}
          leftSection={<UserRound {...icon} />}
        >{t`My account`}</Menu.Item>
        <Menu.Item leftSection={<Languages {...icon} />} onClick={() => language.mutate(other)} lang={other}>
          {other === "de" ? "Deutsch" : "English"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t`Theme`}</Menu.Label>
        {themes.map((theme) => (
          <Menu.Item
            key={theme.value}
            role="menuitemradio"
            aria-checked={colorScheme === theme.value}
            leftSection={theme.icon}
            rightSection={colorScheme === theme.value ? "✓" : null}
            onClick={() => look(theme.value)}
          >
            {theme.label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut {...icon} />} onClick={() => leave.mutate()}>{t`Sign out`}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
