/** A setting as text to take away: a spec, and commands that give the same bits. */
import { specToYaml } from '../../experiments/spec-text.ts';
import type { Spec } from '../../experiments/spec.ts';
import type { PageState } from '../state/page-state.ts';

export const specText = (spec: Spec, { preset }: PageState): string =>
  specToYaml(spec, `benign-lab: from the page, by the preset ${preset}`);

/** For a shell: the spec as a file, and the run. */
export const commandText = (spec: Spec, state: PageState): string =>
  [`cat > setting.yaml <<'SPEC'`, specText(spec, state).trimEnd(), 'SPEC', 'npx benign run setting.yaml'].join('\n');
