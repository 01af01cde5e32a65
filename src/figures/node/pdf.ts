/** Figures as PDF: vectors, with the letters of the font inside. By Typst, which need not be installed. */
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import type { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

const require = createRequire(import.meta.url);

/** px of an SVG in points of a page. */
const POINTS = 0.75;
/** Typst reads files below a folder: the picture stands, in memory alone, beside the font. */
const FOLDER = dirname(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const FILE = 'figure.svg';

let compiler: Promise<NodeCompiler | undefined> | undefined;

/** Undefined where Typst is not installed, or not for this machine. */
const typst = (): Promise<NodeCompiler | undefined> =>
  (compiler ??= import('@myriaddreamin/typst-ts-node-compiler').then(
    ({ NodeCompiler: Typst }) =>
      Typst.create({
        fontArgs: [{ fontPaths: [FOLDER] }],
        workspace: FOLDER,
      }),
    () => undefined,
  ));

/**
 * One page around an SVG, the same bytes each time.
 *
 * @param source stands among the document's keywords
 * @returns undefined where nothing here makes PDFs
 */
export async function svgToPdf(svg: string, source?: string): Promise<Buffer | undefined> {
  const made = await typst();
  if (!made) return undefined;
  const [, width = '', height = ''] = /<svg[^>]*?\swidth="([\d.]+)"\sheight="([\d.]+)"/.exec(svg) ?? [];
  made.mapShadow(join(FOLDER, FILE), Buffer.from(withoutSeams(svg)));
  const page = {
    mainFileContent: [
      `#set document(date: none${source === undefined ? '' : `, keywords: (${literal(source)},)`})`,
      `#set page(width: ${Number(width) * POINTS}pt, height: ${Number(height) * POINTS}pt, margin: 0pt)`,
      `#image("/${FILE}", width: 100%)`,
    ].join('\n'),
  };
  try {
    return made.pdf(page);
  } catch (error) {
    throw new Error(`as PDF: ${(error as { readonly code?: string }).code ?? String(error)}`, { cause: error });
  }
}

/** Cells of a map meet, and viewers draw the paper between them: each reaches a little over its border. */
const withoutSeams = (svg: string): string =>
  svg.replace(
    /(<g shape-rendering="crispEdges"[^>]*>)([\s\S]*?)(<\/g>)/g,
    (_, start: string, cells: string, end: string) =>
      `${start}${cells.replace(/ fill="([^"]+)"/g, ' fill="$1" stroke="$1" stroke-width="0.5"')}${end}`,
  );

/** Text as Typst reads it. */
const literal = (text: string): string =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`;
