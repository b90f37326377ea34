import type { ServerResponse } from 'node:http';

/** How a hostile or broken issuer answers the request for its keys. */
export type KeySetServing =
  | {
      readonly kind: 'body';
      readonly body: string;
      readonly status?: number;
      readonly headers?: Record<string, string>;
    }
  /** Sends bytes for as long as the other side reads. */
  | { readonly kind: 'endless' }
  /** Sends one byte at a time and never ends. */
  | { readonly kind: 'drip' }
  /** Accepts the request and never answers. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'redirect'; readonly location: string };

/** Answers one request for the key set. */
export function serveKeys(serving: KeySetServing, response: ServerResponse): void {
  switch (serving.kind) {
    case 'body':
      response.writeHead(serving.status ?? 200, { 'content-type': 'application/json', ...serving.headers });
      response.end(serving.body);
      return;
    case 'redirect':
      response.writeHead(302, { location: serving.location }).end();
      return;
    case 'silent':
      return;
    case 'endless':
      response.writeHead(200, { 'content-type': 'application/json' });
      sendForever(response);
      return;
    case 'drip':
      response.writeHead(200, { 'content-type': 'application/json' });
      drip(response);
  }
}

function sendForever(response: ServerResponse): void {
  const block = Buffer.alloc(64 * 1024, ' ');
  const send = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', send);
  send();
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}
