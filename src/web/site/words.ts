/** What Markdown says in plain words: for titles, excerpts and the search. */
import type { Token, Tokens } from 'marked';
import { unescapeHtml } from '../text/html.ts';

/** Commands of TeX that are one sign. */
const SIGNS: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'alpha α beta β gamma γ delta δ epsilon ε varepsilon ε eta η theta θ kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ ' +
    'sigma σ tau τ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Sigma Σ Phi Φ Psi Ψ Omega Ω ' +
    'lVert ‖ rVert ‖ lvert | rvert | le ≤ leq ≤ ge ≥ geq ≥ ne ≠ approx ≈ sim ∼ cdot · times × pm ± infty ∞ sum ∑ ' +
    'prod ∏ sqrt √ in ∈ to → langle ⟨ rangle ⟩ ell ℓ top ᵀ dots … ldots … partial ∂ nabla ∇ leftarrow ← mapsto ↦'
  )
    .split(' ')
    .reduce<[string, string][]>((all, word, at, list) => (at % 2 ? all : [...all, [word, list[at + 1]!]]), []),
);

/** A formula as one would type it: σ_p^2 d. */
export const wordsOfTex = (tex: string): string =>
  tex
    .replace(/\\(?:text|texttt|textbf|mathrm|mathbf|mathcal|operatorname|mathrel)\s*\{([^{}]*)\}/g, '$1')
    .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, '$1/($2)')
    .replace(/\\([a-zA-Z]+) ?/g, (_, name: string) => SIGNS[name] ?? (name.length < 5 ? '' : name))
    .replace(/\\\|/g, '‖')
    .replace(/\\[,;:! ]|~/g, ' ')
    .replace(/[\\{}]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** @param between of blocks and cells */
export function wordsOf(tokens: readonly Token[] = [], between = ''): string {
  return tokens.map(wordsOfToken).join(between);
}

function wordsOfToken(token: Token): string {
  switch (token.type) {
    case 'tex':
      return wordsOfTex((token as Tokens.Generic)['tex'] as string) + ((token as Tokens.Generic)['behind'] as string);
    case 'display':
      return wordsOfTex((token as Tokens.Generic)['tex'] as string);
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].map((row) => row.map(({ tokens }) => wordsOf(tokens)).join(' · ')).join('\n');
    }
    case 'list':
      return (token as Tokens.List).items.map((item) => wordsOf(item.tokens, '\n')).join('\n');
    case 'html':
    case 'space':
      return '';
    case 'br':
      return ' ';
    case 'image':
      return (token as Tokens.Image).text;
    default:
      return 'tokens' in token && token.tokens
        ? wordsOf(token.tokens)
        : unescapeHtml('text' in token ? (token.text as string) : '');
  }
}
