/** Version of the server as it stands in its package and in the log. */
export const VERSION = '0.1.0';
