import { writeFileSync } from 'node:fs';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { errorLines } from '@originsign/core/client/report-lines';
import { errorJson } from './error-json.ts';
import { pathOf } from './files.ts';
import type { Host } from './host.ts';

/** What a command found out, for people and for machines. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly json: Json;
  /** Why the command fails although it has a result to show. */
  readonly failure?: OriginSignError;
}

/** The one place that writes: it keeps the rules of `ui.ts` about what goes where. */
export class Output {
  readonly #host: Host;
  readonly #json: boolean;
  #jsonFile: string | undefined;
  #server: string | undefined;
  #hasResult = false;

  constructor(host: Host, json: boolean) {
    this.#host = host;
    this.#json = json;
  }

  /** Names a file that takes the JSON document, whatever goes to stdout. */
  keepJsonIn(path: string | undefined): void {
    this.#jsonFile = path;
  }

  /** Names the server whose pages explain error codes. */
  explainAt(server: string): void {
    this.#server = server;
  }

  /** One line about something that goes on. */
  progress(line: string): void {
    this.#host.err(`${line}\n`);
  }

  /** The result; throws the failure that it may carry, so that the exit status tells. */
  result(outcome: Outcome): void {
    this.#hasResult = true;
    const unwritten = this.#document(outcome.json);
    if (!this.#json) for (const line of outcome.lines) this.#host.out(`${line}\n`);
    const failure = outcome.failure ?? unwritten;
    if (failure !== undefined) throw failure;
  }

  /** An error, as the last thing. */
  failure(error: OriginSignError): void {
    const unwritten = this.#hasResult ? undefined : this.#document({ error: errorJson(error, this.#server) });
    for (const shown of unwritten === undefined ? [error] : [unwritten, error]) {
      for (const line of errorLines(shown, this.#server)) this.#host.err(`${line}\n`);
    }
  }

  /** Returns why it could not be written to the file. */
  #document(json: Json): OriginSignError | undefined {
    const text = `${JSON.stringify(json, undefined, 2)}\n`;
    if (this.#json) this.#host.out(text);
    if (this.#jsonFile === undefined) return undefined;
    try {
      writeFileSync(pathOf(this.#host, this.#jsonFile), text);
      return undefined;
    } catch (cause) {
      return new OriginSignError('input.file', `The file "${this.#jsonFile}" cannot be written.`, { cause });
    }
  }
}
