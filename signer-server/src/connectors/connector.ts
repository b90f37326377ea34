import { createAzureConnector } from './azure-connector.ts';
import { createGithubConnector } from './github-connector.ts';
import { createJenkinsConnector } from './jenkins-connector.ts';
import type { ConnectorConfig, ConnectorPorts, OriginConnector } from './origin-connector.ts';

/** The connector for a platform. It keeps facts for seconds at most (branch rules for one minute), and only in memory. */
export function createConnector(config: ConnectorConfig, ports: ConnectorPorts): OriginConnector {
  switch (config.type) {
    case 'jenkins':
      return createJenkinsConnector(config, ports);
    case 'azure-devops':
      return createAzureConnector(config, ports);
    case 'github-actions':
      return createGithubConnector(config, ports);
  }
}
