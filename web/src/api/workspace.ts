import { queryOptions } from "@tanstack/react-query";
import { answer, dataOf, ifMatch } from "./client";
import { getWorkspace, patchWorkspace } from "./generated/sdk.gen";
import type { WorkspaceChange } from "./generated/types.gen";

export const workspaceQuery = queryOptions({
  queryKey: ["workspace"],
  queryFn: ({ signal }) => answer(getWorkspace({ signal })),
});

export const changeWorkspace = (body: WorkspaceChange, etag: string | null) =>
  dataOf(patchWorkspace({ headers: ifMatch(etag), body }));
