import { useLingui } from "@lingui/react/macro";

interface Piece {
  kind: string;
  text: string;
}

/** A condition in the server's words; values stand out. */
export function Sentence({ said }: { said?: { de: Piece[]; en: Piece[] } | null }) {
  const { i18n } = useLingui();
  const pieces = (i18n.locale === "de" ? said?.de : said?.en) ?? [];
  return pieces.map((piece, index) =>
    piece.kind === "value" ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the sentence
      <b key={index} className="m">
        {piece.text}
      </b>
    ) : (
      piece.text
    ),
  );
}
