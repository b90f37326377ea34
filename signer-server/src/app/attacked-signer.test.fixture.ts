import type { Json } from '@originsign/core/encoding/canonical-json';
import { createAttackClient, type Answer, type AttackClient } from '@originsign/testkit/attack-client';
import type { ForgedRequest, Forgery } from '@originsign/testkit/forged-request';
import {
  startGithubIssuer,
  type ClaimChanges,
  type GithubIssuer,
  type MintOptions,
} from '@originsign/testkit/github-issuer';
import { startSigner, type Signer } from '@originsign/testkit/signer';
import { signingTraces, type SigningTraces } from './stored-facts.test.fixture.ts';

/** A real signer with an attacker in front of it. */
export interface AttackedSigner {
  readonly issuer: GithubIssuer;
  readonly signer: Signer;
  readonly attacker: AttackClient;
  /** Every token that was minted here. */
  readonly tokens: readonly string[];
  mint(audience: unknown, options?: MintOptions): Promise<string>;
  /** The token that the platform would give the job of this request; each in a run of its own. */
  tokenOf(request: ForgedRequest, claims?: ClaimChanges): Promise<string>;
  /** Forges, gets a fitting token and submits. */
  submit(forgery?: Forgery, claims?: ClaimChanges): Promise<Submitted>;
  traces(): SigningTraces;
  stop(): Promise<void>;
}

/** A submission and what became of it. */
export interface Submitted {
  readonly request: ForgedRequest;
  readonly token: string;
  readonly answer: Answer;
}

/** What the signer is started with. */
export interface AttackedOptions {
  readonly now?: () => Date;
  /** Policy files in addition. */
  readonly policies?: Readonly<Record<string, string>>;
  /** Text of the project file. */
  readonly project?: string;
  /** Changes the text of `server.yml`. */
  readonly configure?: (text: string) => string;
}

/** Two signing policies of one linked repository: `release` without limits, `once` with one request per run. */
export const PROJECT = `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{system: github, id: "771245825", ownerId: "145685596"}]
policies:
  release:
    keys: {authenticode-pe: trial-authenticode, cms-detached: trial-cms, raw: trial-raw}
    allow:
      - id: tag-build
        when:
          github.ref: {glob: "refs/tags/v*"}
          github.event_name: {is: push}
          github.workflow_path: {is: .github/workflows/release.yml}
        timestamp: best-effort
  once:
    keys: {raw: trial-raw}
    allow:
      - id: tag-build
        when:
          github.ref: {glob: "refs/tags/v*"}
          github.event_name: {is: push}
          github.workflow_path: {is: .github/workflows/release.yml}
        limits: {perRun: 1}
`;

/** Policy file of an issuer that plays GitHub. */
export function systemFile(id: string, issuer: string): string {
  return `{version: 1, id: ${id}, type: github-actions, issuer: "${issuer}", allowPrivateAddress: true}\n`;
}

/** Starts issuer, signer and attacker. */
export async function attackSigner(options: AttackedOptions = {}): Promise<AttackedSigner> {
  const issuer = await startGithubIssuer(options.now === undefined ? {} : { now: options.now });
  const signer = await startSigner({
    policies: {
      'trusted-build-systems/github.yml': systemFile('github', issuer.url),
      'projects/acme-app.yml': options.project ?? PROJECT,
      ...options.policies,
    },
    ...(options.configure === undefined ? {} : { configure: options.configure }),
  });
  const attacker = await createAttackClient(signer);
  const tokens: string[] = [];
  let runs = 30_433_642;
  const mint = async (audience: unknown, minting?: MintOptions): Promise<string> => {
    const token = await issuer.mint(audience, minting);
    tokens.push(token);
    return token;
  };
  const tokenOf = (request: ForgedRequest, claims: ClaimChanges = {}): Promise<string> => {
    runs += 1;
    return mint(request.audience, { claims: { run_id: String(runs), ...claims } });
  };
  return {
    issuer,
    signer,
    attacker,
    tokens,
    mint,
    tokenOf,
    submit: async (forgery, claims) => {
      const request = attacker.forge(forgery);
      const token = await tokenOf(request, claims);
      return { request, token, answer: await attacker.settle(request, await attacker.submit(request, token)) };
    },
    traces: () => signingTraces(signer.directory),
    stop: async () => {
      attacker.close();
      await signer.stop();
      await issuer.close();
    },
  };
}

/** The same text with a bit of its middle character changed. */
export function flipped(text: string, at = Math.floor(text.length / 2)): string {
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}

/** A member of a JSON document by its path; throws where it is not there. */
export function member(document: Json | undefined, ...path: readonly (string | number)[]): Json {
  let value: unknown = document;
  for (const name of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  }
  if (value === undefined) throw new Error(`There is no ${path.join('.')}.`);
  return value as Json;
}

/** A text of a JSON document by its path; throws where it is not there. */
export function textAt(document: Json | undefined, ...path: readonly (string | number)[]): string {
  const value = member(document, ...path);
  if (typeof value !== 'string') throw new Error(`There is no text at ${path.join('.')}.`);
  return value;
}
