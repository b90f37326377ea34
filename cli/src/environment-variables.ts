/** Variables that the command reads, and what for, in the order of the manual. */
export const ENVIRONMENT_VARIABLES: Readonly<Record<string, string>> = {
  ORIGINSIGN_SERVER: 'URL of the signing server where --server is left out',
  ORIGINSIGN_TOKEN: 'identity token of this job, where the platform has no endpoint for them',
  ORIGINSIGN_TOKEN_FILE: 'file that holds the token instead',
  ORIGINSIGN_SERVICE_CONNECTION:
    'Azure Pipelines: id of the service connection whose token goes beside the one of the job',
  ORIGINSIGN_CLIENT_CERTIFICATE: 'client certificate, a PEM or PFX file',
  ORIGINSIGN_CLIENT_KEY: 'its private key, a PEM file',
  ORIGINSIGN_CLIENT_PASSPHRASE: 'passphrase of the key or the PFX file',
  ORIGINSIGN_SSH_KEY: 'SSH key of an approver where --key is left out',
  ORIGINSIGN_DEBUG: '1 prints where something failed that should not have',
  HTTPS_PROXY: 'proxy for https, also in lower case; http://user:password@host:port',
  NO_PROXY: 'hosts that are reached without it',
  NODE_EXTRA_CA_CERTS: 'PEM file with authorities to trust besides the usual ones',
  NO_COLOR: 'plain lines on a terminal too, as CI and TERM=dumb have them',
};

/** What the exit status says. */
export const EXIT_STATUSES: Readonly<Record<string, string>> = {
  '0': 'done',
  '1': 'a file, a log or a policy test did not pass',
  '2': 'something in the command line, a file or the permissions of the job has to be changed',
  '3': 'denied',
  '4': 'the time was over before the request was completed',
  '5': 'the CI platform, the network or the server did not do its part',
};
