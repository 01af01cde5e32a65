/** What a result folder is the answer to: the command that made it, and what was asked beyond the spec. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import { readJson, writeNew, writeWhole } from './files.ts';

/** Folders of a grid's runs go on under each of these; those of the other two under their own command alone. */
export type FolderCommand = 'reproduce' | 'run' | 'sweep' | 'verify' | 'boundary' | 'variance' | 'diagnose';

export interface Call {
  readonly command: FolderCommand;
  /** what was asked beyond the spec */
  readonly [asked: string]: unknown;
}

export const CALL_FILE = 'call.json';
const COMMANDS: readonly FolderCommand[] = ['reproduce', 'run', 'sweep', 'verify', 'boundary', 'variance', 'diagnose'];
const known = (command: unknown): command is FolderCommand => COMMANDS.includes(command as FolderCommand);

/**
 * The call of a folder; of one that an older version left what its files tell. Undefined where nothing does.
 *
 * @throws UserError
 */
export function callOf(folder: string): Call | undefined {
  const file = join(folder, CALL_FILE);
  if (existsSync(file)) {
    const call = readJson(file) as Call | null;
    if (!known(call?.command)) throw new UserError(messages.callUnknown(file));
    return call!;
  }
  const command = firstWord(join(folder, 'spec.yaml'));
  if (command === undefined) return undefined;
  const report = join(folder, 'report.json');
  if (command !== 'boundary' || !existsSync(report)) return { command };
  const { along, over, of, levels, precision, confidence } = readJson(report) as Record<string, unknown>;
  return { command, along, over, of, levels, precision, confidence };
}

/** The command in the first line of a folder's spec, `# benign COMMAND ...`. */
function firstWord(spec: string): FolderCommand | undefined {
  try {
    const [, command] = /^# benign (\w+)/.exec(readFileSync(spec, 'utf8')) ?? [];
    return known(command) ? command : undefined;
  } catch {
    return undefined;
  }
}

const ofGrid = ({ command }: Call): boolean => command !== 'boundary' && command !== 'variance';

/** @throws UserError where the folder is the answer to another kind of command */
export function refuseAnother(folder: string, call: Call): void {
  const held = callOf(folder);
  if (held && held.command !== call.command && !(ofGrid(held) && ofGrid(call)))
    throw new UserError(messages.folderOfAnother(folder, held.command, call.command));
}

/** Notes the call in its folder; a grid's folder keeps its first one, and what the same command asks now replaces it. */
export function noteCall(folder: string, call: Call): void {
  const file = join(folder, CALL_FILE);
  const text = `${JSON.stringify({ v: 1, ...call }, null, 1)}\n`;
  if (!writeNew(file, text) && callOf(folder)!.command === call.command) writeWhole(file, text);
}
