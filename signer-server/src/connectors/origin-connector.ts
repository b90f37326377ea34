import type { Claims } from '@originsign/core/platforms/claim-schema';
import type { ConnectorFetch } from './platform-api.ts';

/** What a connector is asked: everything in it is verified. */
export interface ConnectorQuestion {
  /** Typed claims of the token under their policy names. */
  readonly claims: Claims;
  /** When the token was made. */
  readonly issuedAt: Date;
  readonly issuer: string;
}

/** Asks a CI platform's API about the run that a token is of. */
export interface OriginConnector {
  /**
   * Checks the token against what the API says, and gives back what it says besides, under the platform's prefix. What cannot
   * be told is missing. Throws `connector.unavailable`, `connector.refused`, and `connector.disagrees` where the API contradicts
   * the token or the run is one that must not sign.
   */
  readonly lookUp: (question: ConnectorQuestion) => Promise<Claims>;
}

/** One configured connector. */
export interface ConnectorConfig {
  /** Id of the trusted build system whose tokens it completes. */
  readonly systemId: string;
  readonly type: 'jenkins' | 'azure-devops' | 'github-actions';
  /** Base of the API without a slash at the end: the controller, the organization, `https://api.github.com`. */
  readonly url: string;
  readonly credential: { readonly user?: string; readonly token: string };
  readonly allowPrivateAddress: boolean;
  /** Jenkins: web address of the controller as its tokens write it, where the issuer does not tell it. */
  readonly serverUrl?: string;
  /** Jenkins: addresses of shared libraries, whose checkouts say nothing about a build. */
  readonly libraries?: readonly string[];
}

/** What connectors need from outside. */
export interface ConnectorPorts {
  readonly fetch: ConnectorFetch;
  readonly now: () => Date;
}
