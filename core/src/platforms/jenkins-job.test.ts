import { codeOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jenkinsJobPath, jenkinsScope } from './jenkins-job.ts';

const ROOT = 'https://jenkins.acme.example';
const scopeOf = (issuer: string, serverUrl?: string) =>
  jenkinsScope({ id: 'jenkins', issuer, ...(serverUrl === undefined ? {} : { serverUrl }) });

describe('the jobs of an issuer', () => {
  it.each([
    [`${ROOT}/oidc`, ROOT, ROOT],
    [`${ROOT}/oidc/job/team`, ROOT, `${ROOT}/job/team`],
    [`${ROOT}/oidc/job/team/job/app`, ROOT, `${ROOT}/job/team/job/app`],
    [`${ROOT}/ci/oidc/job/team`, `${ROOT}/ci`, `${ROOT}/ci/job/team`],
    [`${ROOT}/oidc/oidc`, `${ROOT}/oidc`, `${ROOT}/oidc`],
    [`${ROOT}/oidc/job/oidc`, ROOT, `${ROOT}/job/oidc`],
    [`${ROOT}/oidc/job/oidc/job/app`, ROOT, `${ROOT}/job/oidc/job/app`],
    ['http://localhost:8080/oidc', 'http://localhost:8080', 'http://localhost:8080'],
  ])('of %s', (issuer, root, folder) => {
    expect(scopeOf(issuer)).toEqual({ root, folder });
  });

  it.each([
    ROOT,
    `${ROOT}/oidc/`,
    `${ROOT}/oidc/team`,
    `${ROOT}/oidc/job/`,
    `${ROOT}/oidc/job/team/`,
    `${ROOT}/oidc/view/all/job/team`,
    `${ROOT}/oidcs`,
    'ftp://jenkins.acme.example/oidc',
    'https://id.acme.example/jenkins',
    '/oidc',
  ])('are not told by %s', (issuer) => {
    expect(scopeOf(issuer)).toBeUndefined();
  });

  it('are told by the server where the issuer is elsewhere', () => {
    expect(scopeOf('https://id.acme.example/jenkins', ROOT)).toEqual({ root: ROOT, folder: ROOT });
    expect(scopeOf('https://id.acme.example/oidc', ROOT)).toEqual({ root: ROOT, folder: ROOT });
  });

  it('do not become more where the server is named although the issuer tells it', () => {
    expect(scopeOf(`${ROOT}/oidc/job/team`, ROOT)).toEqual({ root: ROOT, folder: `${ROOT}/job/team` });
  });
});

describe('a job of the folder team', () => {
  const team = { root: ROOT, folder: `${ROOT}/job/team` };

  it.each([
    [`${ROOT}/job/team/job/app/`, '/job/team/job/app/'],
    [`${ROOT}/job/team/job/app/job/main/`, '/job/team/job/app/job/main/'],
    [`${ROOT}/job/team/job/feature%252Fx/`, '/job/team/job/feature%252Fx/'],
    [`${ROOT}/job/team/job/gr%C3%B6%C3%9Fe%20(1)/`, '/job/team/job/gr%C3%B6%C3%9Fe%20(1)/'],
    [`${ROOT}/job/team/job/job/`, '/job/team/job/job/'],
    [`${ROOT}/job/team/job/.hidden/`, '/job/team/job/.hidden/'],
    [`${ROOT}/job/team/job/.../`, '/job/team/job/.../'],
    [`${ROOT}/job/team/job/v1.2..3/`, '/job/team/job/v1.2..3/'],
  ])('is %s', (job, path) => {
    expect(jenkinsJobPath(job, team)).toBe(path);
  });

  it.each([
    ['another folder that begins alike', `${ROOT}/job/team2/job/app/`],
    ['another folder', `${ROOT}/job/other/job/app/`],
    ['a job of the root', `${ROOT}/job/app/`],
    ['the folder itself', `${ROOT}/job/team/`],
    ['the folder without a slash', `${ROOT}/job/team`],
    ['the root', `${ROOT}/`],
    ['another host that begins alike', `${ROOT}.evil/job/team/job/app/`],
    ['a host behind a user', `https://jenkins.acme.example@evil.example/job/team/job/app/`],
    ['another port', `${ROOT}:8443/job/team/job/app/`],
    ['plain http', 'http://jenkins.acme.example/job/team/job/app/'],
    ['another case of the scheme', 'HTTPS://jenkins.acme.example/job/team/job/app/'],
    ['another case of the host', 'https://Jenkins.acme.example/job/team/job/app/'],
    ['another case of the folder', `${ROOT}/job/Team/job/app/`],
    ['another case of the word job', `${ROOT}/job/team/Job/app/`],
    ['no slash at the end', `${ROOT}/job/team/job/app`],
    ['two slashes at the end', `${ROOT}/job/team/job/app//`],
    ['an empty name', `${ROOT}/job/team/job//`],
    ['dots that climb', `${ROOT}/job/team/job/../job/other/`],
    ['dots behind the folder', `${ROOT}/job/team/../other/job/app/`],
    ['one dot', `${ROOT}/job/team/job/./`],
    ['two dots at the end', `${ROOT}/job/team/job/app/job/../`],
    ['encoded dots', `${ROOT}/job/team/job/%2e%2e/job/other/`],
    ['encoded dots in capitals', `${ROOT}/job/team/job/%2E%2E/job/other/`],
    ['a dot and an encoded one', `${ROOT}/job/team/job/.%2E/`],
    ['an encoded slash', `${ROOT}/job/team/job/a%2Fb/`],
    ['an encoded slash in small letters', `${ROOT}/job/team/job/a%2fb/`],
    ['a backslash', `${ROOT}/job/team/job/a\\b/`],
    ['an encoded backslash', `${ROOT}/job/team/job/a%5Cb/`],
    ['an encoded null', `${ROOT}/job/team/job/a%00/`],
    ['an encoded line feed', `${ROOT}/job/team/job/a%0Ab/`],
    ['escapes in small letters', `${ROOT}/job/team/job/gr%c3%b6/`],
    ['half an escape', `${ROOT}/job/team/job/a%2/`],
    ['a bare percent sign', `${ROOT}/job/team/job/100%/`],
    ['a query', `${ROOT}/job/team/job/app/?x=/`],
    ['a fragment', `${ROOT}/job/team/job/app/#/`],
    ['a space', `${ROOT}/job/team/job/my app/`],
    ['a line feed behind it', `${ROOT}/job/team/job/app/\n`],
    ['a space before it', ` ${ROOT}/job/team/job/app/`],
    ['a letter that is not ASCII', `${ROOT}/job/team/job/größe/`],
    ['a view', `${ROOT}/job/team/view/all/job/app/`],
    ['a build', `${ROOT}/job/team/job/app/17/`],
    ['a command', `${ROOT}/job/team/job/app/build/`],
    ['nothing', ''],
  ])('is not %s', (_name, job) => {
    expect(codeOf(() => jenkinsJobPath(job, team))).toBe('token.origin');
  });

  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ minLength: 1, maxLength: 12 }).map(encodeURIComponent),
    fc.constantFrom('..', '.', '%2e%2e', '%2E.', '%2F', '%252F', 'team', 'team2', 'job', '', '?', '#', '\\..', '@evil'),
  );

  it('stays below the folder, however its URL is read', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const job = `${ROOT}/job/team${names.map((one) => `/job/${one}`).join('')}/`;
        if (codeOf(() => jenkinsJobPath(job, team)) !== 'accepted') return;
        accepted += 1;
        const { href, pathname } = new URL(job);
        expect(href).toBe(job);
        expect(pathname.startsWith('/job/team/job/')).toBe(true);
        const read = pathname.split('/').map(decodeURIComponent);
        expect(read.filter((part) => part === '..' || part === '.' || part.includes('/'))).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
