import * as z from 'zod/mini';
import { EVALUATIONS_PATH, SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import { approvalSubmissionSchema } from '@originsign/core/protocol/approval';
import { approvalListSchema, approvalsPath, approvalViewSchema } from '@originsign/core/protocol/approval-view';
import { PROBLEM_MEDIA_TYPE, problemSchema } from '@originsign/core/protocol/problem';
import { evaluationSchema, signingRequestSchema, submissionSchema } from '@originsign/core/protocol/signing-request';

type JsonValue = unknown;

const SIGNATURE_HEADERS = ['Content-Digest', 'Signature-Input', 'Signature'].map((name) => ({
  name,
  in: 'header',
  required: true,
  schema: { type: 'string' },
  description: 'HTTP message signature (RFC 9421) by the one-use key of the request',
}));
const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' } };
const WAIT = {
  name: 'wait',
  in: 'query',
  schema: { type: 'integer', minimum: 0, maximum: 30 },
  description: 'Seconds',
};

const reference = (name: string): JsonValue => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string): JsonValue => ({ 'application/json': { schema: reference(name) } });
const problem = { description: 'Problem details', content: { [PROBLEM_MEDIA_TYPE]: { schema: reference('Problem') } } };
const text = (description: string): JsonValue => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' } } },
});

function signed(summary: string, answer: string, extra: Record<string, JsonValue> = {}): Record<string, JsonValue> {
  const { parameters = [], ...rest } = extra as { parameters?: JsonValue[] };
  return {
    summary,
    parameters: [...parameters, ...SIGNATURE_HEADERS],
    responses: {
      200: { description: 'Done', content: json(answer) },
      202: { description: 'Not finished yet; follow Location', content: json(answer) },
      default: problem,
    },
    ...rest,
  };
}

const open = (summary: string, answer: JsonValue): JsonValue => ({
  get: { summary, responses: { 200: answer, default: problem } },
});

/** A schema as a part of the document: its references begin at the document's root and not at its own. */
function component(name: string, schema: object): JsonValue {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"#/components/schemas/${name}/`));
}

/** What approvers call, with SSH keys in the place of the one-use key. */
function approvalPaths(): Record<string, Record<string, JsonValue>> {
  const authorization = {
    ...{ name: 'Authorization', in: 'header', required: true, schema: { type: 'string' } },
    description: 'OriginSign-SSH: an SSH signature over method, URL and time',
  };
  const read = (summary: string, answer: string, parameters: readonly JsonValue[]): JsonValue => ({
    summary,
    parameters: [...parameters, authorization],
    responses: { 200: { description: 'Done', content: json(answer) }, default: problem },
  });
  return {
    [SIGNING_REQUESTS_PATH]: { get: read('List what waits for an approver', 'ApprovalList', []) },
    [approvalsPath('{id}')]: {
      get: read('Show what an approval would be for', 'ApprovalView', [ID]),
      post: {
        summary: 'Approve or deny a signing request',
        parameters: [ID],
        requestBody: { required: true, content: json('ApprovalSubmission') },
        responses: { 200: { description: 'Done', content: json('ApprovalView') }, default: problem },
      },
    },
  };
}

/** The OpenAPI 3.1 description of the public API, made from the same schemas that parse requests and answers. */
export function openApiDocument(serverUrl: string): Record<string, JsonValue> {
  const { [SIGNING_REQUESTS_PATH]: list, ...others } = approvalPaths();
  const submission = { requestBody: { required: true, content: json('Submission') } };
  return {
    openapi: '3.1.0',
    info: { title: 'OriginSign', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: serverUrl }],
    paths: {
      [SIGNING_REQUESTS_PATH]: { ...list, post: signed('Ask for signatures', 'SigningRequest', submission) },
      [`${SIGNING_REQUESTS_PATH}/{id}`]: {
        get: signed('Follow a signing request', 'SigningRequest', { parameters: [ID, WAIT] }),
      },
      [`${SIGNING_REQUESTS_PATH}/{id}/cancel`]: {
        post: signed('Cancel a signing request', 'SigningRequest', { parameters: [ID] }),
      },
      ...others,
      [EVALUATIONS_PATH]: { post: signed('Ask for the decision alone', 'Evaluation', submission) },
      '/v1/trust': open('The trust file as a signed note', text('C2SP signed note')),
      '/log/checkpoint': open('The latest checkpoint', text('C2SP checkpoint')),
      '/healthz': open('The process answers', { description: 'It does' }),
      '/readyz': open('The server can sign', { description: 'It can' }),
    },
    components: {
      schemas: {
        Submission: component('Submission', z.toJSONSchema(submissionSchema, { io: 'input' })),
        SigningRequest: component('SigningRequest', z.toJSONSchema(signingRequestSchema)),
        ApprovalSubmission: component('ApprovalSubmission', z.toJSONSchema(approvalSubmissionSchema, { io: 'input' })),
        ApprovalView: component('ApprovalView', z.toJSONSchema(approvalViewSchema)),
        ApprovalList: component('ApprovalList', z.toJSONSchema(approvalListSchema)),
        Evaluation: component('Evaluation', z.toJSONSchema(evaluationSchema)),
        Problem: component('Problem', z.toJSONSchema(problemSchema)),
      },
    },
  };
}
