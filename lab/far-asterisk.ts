/** The Asterisk of phones and provider where the PBX is at another host, such as another container. */
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AsteriskInstance, startAsterisk } from './asterisk/instance.js';
import { provisionAsterisk } from './asterisk/provision.js';
import { type Extension, farmPhones } from './farm-conf.js';
import { projectRoot } from './project-root.js';

export interface FarAsteriskOptions {
  /** Host and port of the PBX's SIP. */
  readonly pbxAddress: string;
  readonly extensions: readonly Extension[];
  /** The provider's login at the PBX's trunk: here it cannot be known by its address, which is the phones' too. */
  readonly provider: { readonly username: string; readonly password: string };
}

const SHARED_FILES = ['add-on/ari.conf', 'add-on/http.conf', 'lab/logger.conf', 'lab/rtp.conf'];
const SIP_PORT = 5060;
const PROVIDER_PORT = 5062;
/** A PBX that was restarted has forgotten where its phones are, and is not told before the next registration. */
const REGISTRATION_S = 30;

export async function startFarAsterisk({
  pbxAddress,
  extensions,
  provider,
}: FarAsteriskOptions): Promise<AsteriskInstance> {
  const root = projectRoot();
  const ownConf = join(root, 'lab', 'phones-conf');
  return startAsterisk({
    installation: await provisionAsterisk(() => {}),
    name: 'phones',
    runDir: await mkdtemp(join(tmpdir(), 'phones-')),
    configuration: {
      files: [
        ...SHARED_FILES.map((name) => join(root, 'asterisk-conf', name)),
        ...(await readdir(ownConf)).map((name) => join(ownConf, name)),
      ],
      overrides: [
        {
          'pjsip.conf': {
            'transport-udp': { bind: `0.0.0.0:${SIP_PORT}` },
            'transport-trunk': { bind: `0.0.0.0:${PROVIDER_PORT}` },
            'pbx-address': { contact: `sip:${pbxAddress}` },
            // Whoever reaches this container is the PBX, whose address may change with every start.
            'pbx-calls': { match: '0.0.0.0/0' },
            trunk: { outbound_auth: 'provider-login' },
            'phone-registration': { expiration: String(REGISTRATION_S), max_retries: '1000000' },
          },
          'logger.conf': { logfiles: { messages: 'error' } },
        },
      ],
      additions: { 'pjsip.conf': `${farmPhones(extensions, pbxAddress)}${providerLogin(provider)}` },
    },
  });
}

function providerLogin({ username, password }: FarAsteriskOptions['provider']): string {
  return `
[provider-login](phone-auth)
username = ${username}
password = ${password}
`;
}
