import { describe, expect, it } from 'vitest';
import { CERTIFICATE_CLAIMS } from '../platforms/client-certificate.ts';
import { parseConditions } from './conditions.ts';
import { type LoadProblem, reportInto } from './load-problem.ts';
import { holds, subjectTypeOf } from './operators.ts';
import { parseYamlTree } from './yaml-tree.ts';

function conditionsOn(name: string, text: string) {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, 'a.yml');
  const tree = parseYamlTree(text, report);
  const schema = CERTIFICATE_CLAIMS.find((claim) => claim.name === name);
  if (tree === undefined || schema === undefined) throw new TypeError('There is nothing to read.');
  const subject = { name: `certificate.${name}`, type: subjectTypeOf(schema.type), schema };
  return { conditions: parseConditions(tree, subject, report), problems };
}

describe('a distinguished name in a policy', () => {
  const NAME = 'CN=build-07,OU=Build Nodes,O=Acme';

  it.each([NAME, 'cn=build-07, ou=Build Nodes, o=Acme', 'CN = build-07,OU="Build Nodes",O=Acme'])(
    'means the same however it is written: %s',
    (text) => {
      const { conditions, problems } = conditionsOn('subject', `is: '${text}'`);
      expect(problems).toEqual([]);
      expect(conditions.map((condition) => holds(condition, NAME))).toEqual([true]);
      expect(conditions.map((condition) => holds(condition, 'CN=build-08,OU=Build Nodes,O=Acme'))).toEqual([false]);
    },
  );

  it.each(['build-07', 'CN=a,,O=b', 'CN=a\\'])('is refused with its place where it is none: %s', (text) => {
    const { conditions, problems } = conditionsOn('issuer', `is: '${text}'`);
    expect(conditions).toEqual([]);
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['1:5']);
  });
});
