import { OriginSignError } from '@originsign/core/errors/error';
import type { ServerConfig } from '../config/server-config.ts';
import { createConnector } from '../connectors/connector.ts';
import type { ConnectorConfig, ConnectorPorts } from '../connectors/origin-connector.ts';
import type { OriginConnector } from './ports.ts';

/** A trusted build system whose file says `connector: true`. */
export interface ConnectedSystem {
  readonly id: string;
  readonly type: string;
  readonly serverUrl?: string;
}

/**
 * A connector for every system that policies rely on one for. Throws `config.invalid` where either side lacks the other: a
 * credential that nobody uses is one too many, and a system without one could sign nothing.
 */
export function openConnectors(
  configured: ServerConfig['connectors'],
  systems: readonly ConnectedSystem[],
  ports: ConnectorPorts,
): ReadonlyMap<string, OriginConnector> {
  const connectors = new Map<string, OriginConnector>();
  for (const { id, type, serverUrl } of systems) {
    const config = configured.find(({ system }) => system === id);
    if (config === undefined) {
      throw unfitting(`The trusted build system ${id} has connector: true, and the configuration no connector for it.`);
    }
    const { url, user, token, allowPrivateAddress, libraries } = config;
    if (libraries.length > 0 && type !== 'jenkins') {
      throw unfitting(`The connector for ${id} names libraries, which only Jenkins has.`);
    }
    const credential = { token: token.reveal(), ...(user === undefined ? {} : { user }) };
    const address = serverUrl === undefined ? {} : { serverUrl };
    const connector = { systemId: id, type: connectorType(id, type), url, credential, allowPrivateAddress, libraries };
    connectors.set(id, createConnector({ ...connector, ...address }, ports));
  }
  const idle = configured.find(({ system }) => !connectors.has(system));
  if (idle === undefined) return connectors;
  throw unfitting(
    `There is a connector for ${idle.system}, and no trusted build system of this id with connector: true.`,
  );
}

function connectorType(id: string, type: string): ConnectorConfig['type'] {
  if (type === 'jenkins' || type === 'azure-devops' || type === 'github-actions') return type;
  throw unfitting(`The trusted build system ${id} is of the type ${type}, which has no connector.`);
}

function unfitting(message: string): OriginSignError {
  return new OriginSignError('config.invalid', message, {
    hint: 'connectors in the configuration and connector: true in the files of trusted build systems go together',
  });
}
