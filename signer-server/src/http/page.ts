import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:44rem;padding:0 1rem;color:#1c2430;background:#fff}' +
  'h1{font-size:1.4rem}code{font:0.95em ui-monospace,monospace;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}' +
  'th,td{text-align:left;padding:.3rem .8rem .3rem 0;vertical-align:top;border-bottom:1px solid #e3e7ee}th{font-weight:600;white-space:nowrap}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** HTML that is already safe to send. */
export interface Html {
  readonly html: string;
}

/** Builds HTML; every value that is not {@link Html} itself is escaped, so that no name can become markup. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const parts = strings.map((text, index) => text + (index < values.length ? render(values[index]) : ''));
  return { html: parts.join('') };
}

function render(value: string | number | Html | readonly Html[] | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return Array.isArray(value) ? (value as readonly Html[]).map((part) => part.html).join('') : (value as Html).html;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Sends a page that loads nothing and runs nothing. */
export function sendPage(reply: FastifyReply, title: string, body: Html): FastifyReply {
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" /><meta name="viewport" content="width=device-width" /><title>${title}</title
      ><style>
        ${{ html: STYLE }}
      </style>
      <body>
        ${body}
      </body>
    </html>`;
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'`)
    .header('referrer-policy', 'no-referrer')
    .send(page.html);
}
