/** Pages in Markdown as elements: what they say is text, whatever a file's names hold. */
import { lexer, type Token, type Tokens } from 'marked';
import type { ComponentChildren, JSX } from 'preact';
import { unescapeHtml } from '../text/html.ts';

export interface MarkdownProps {
  readonly text: string;
  /** level of the largest heading */
  readonly top?: number;
  /** what stands in a picture's place */
  readonly picture: (path: string, words: string) => ComponentChildren;
}

export function Markdown({ text, top = 2, picture }: MarkdownProps): JSX.Element {
  const inline = (tokens: readonly Token[] = []): ComponentChildren[] =>
    tokens.map((token): ComponentChildren => {
      switch (token.type) {
        case 'strong':
          return <strong>{inline(token.tokens)}</strong>;
        case 'em':
          return <em>{inline(token.tokens)}</em>;
        case 'codespan':
          return <code>{(token as Tokens.Codespan).text}</code>;
        case 'image':
          return picture((token as Tokens.Image).href, (token as Tokens.Image).text);
        case 'text':
          return 'tokens' in token && token.tokens ? inline(token.tokens) : unescapeHtml((token as Tokens.Text).text);
        case 'escape':
          return unescapeHtml((token as Tokens.Escape).text);
        default:
          return token.raw;
      }
    });
  const block = (token: Token): ComponentChildren => {
    switch (token.type) {
      case 'heading': {
        const { depth, tokens } = token as Tokens.Heading;
        const Head = `h${Math.min(6, depth + top - 1)}` as 'h2';
        return <Head>{inline(tokens)}</Head>;
      }
      case 'paragraph':
        return isPicture(token) ? inline(token.tokens) : <p>{inline(token.tokens)}</p>;
      case 'list':
        return (
          <ul>
            {(token as Tokens.List).items.map((item) => (
              <li>{item.tokens.map((one) => (one.type === 'text' ? inline([one]) : block(one)))}</li>
            ))}
          </ul>
        );
      case 'table':
        return <Table table={token as Tokens.Table} inline={inline} />;
      case 'code':
        return (
          <pre>
            <code>{(token as Tokens.Code).text}</code>
          </pre>
        );
      case 'space':
        return null;
      default:
        return <p>{token.raw}</p>;
    }
  };
  return <div class="markdown">{lexer(text).map(block)}</div>;
}

const isPicture = (token: Token): boolean =>
  'tokens' in token && token.tokens?.length === 1 && token.tokens[0]!.type === 'image';

function Table({
  table: { header, rows },
  inline,
}: {
  readonly table: Tokens.Table;
  readonly inline: (tokens: readonly Token[]) => ComponentChildren[];
}): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="table">
      <table>
        <thead>
          <tr>{header.map(({ tokens, text }) => (text === '' ? <td /> : <th scope="col">{inline(tokens)}</th>))}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map(({ tokens, text }, at) =>
                at === 0 && text !== '' ? <th scope="row">{inline(tokens)}</th> : <td>{inline(tokens)}</td>,
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
