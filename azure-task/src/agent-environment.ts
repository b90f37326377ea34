/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const SECRET = /^(?:INPUT|SECRET|ENDPOINT_AUTH|ENDPOINT_DATA|SECUREFILE_TICKET|VSTS_TASKVARIABLE)_/i;

/**
 * Takes over what the agent passes in the environment of a task: from here on neither code of dependencies nor a crash report finds
 * inputs and credentials in `process.env`. Names are those of the agent, in upper case but for ids of service connections.
 */
export function takeEnvironment(environment: NodeJS.ProcessEnv): Environment {
  const taken = { ...environment };
  for (const name of Object.keys(environment)) {
    if (SECRET.test(name)) delete environment[name];
  }
  return taken;
}

/** Value of an input as `task.json` names it, without surrounding space; empty where it is not given. */
export function inputOf(environment: Environment, name: string): string {
  return (environment[`INPUT_${name.toUpperCase()}`] ?? '').trim();
}

/** Value of a variable of the agent, `Agent.ProxyUrl`, secret or not; empty where there is none. */
export function variableOf(environment: Environment, name: string): string {
  const key = name.replace(/[. ]/g, '_').toUpperCase();
  return environment[key] ?? environment[`SECRET_${key}`] ?? '';
}

/** A service connection that an input of the task names. */
export interface ServiceConnection {
  readonly url: string;
  readonly scheme: string;
  /** One of its fields, whichever way the agent passes it; `undefined` where it is empty. */
  field(name: string): string | undefined;
}

/** The connection with this id, `undefined` where the agent passes none. */
export function connectionOf(environment: Environment, id: string): ServiceConnection | undefined {
  const url = environment[`ENDPOINT_URL_${id}`];
  if (url === undefined) return undefined;
  return {
    url,
    scheme: environment[`ENDPOINT_AUTH_SCHEME_${id}`] ?? '',
    field: (name) => {
      const key = `${id}_${name.toUpperCase()}`;
      const value = environment[`ENDPOINT_DATA_${key}`] ?? environment[`ENDPOINT_AUTH_PARAMETER_${key}`] ?? '';
      return value.trim() === '' ? undefined : value;
    },
  };
}

/** The access token of the job, which the agent passes to every task; empty where it does not. */
export function accessTokenOf(environment: Environment): string {
  return environment['ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN'] ?? '';
}
