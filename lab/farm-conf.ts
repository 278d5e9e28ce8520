/** The part of the farm's configuration that depends on the PBX: one phone per extension, and everybody's addresses. */

/** An extension of the PBX and how its phone registers. */
export interface Extension {
  readonly number: string;
  readonly password: string;
  /** Codecs that the PBX allows it, as in pjsip.conf's `allow`; undefined leaves the template's. */
  readonly codecs?: string;
}

/** Extensions of the shipped pjsip_wizard.conf, whose passwords follow one pattern. */
export const SHIPPED_EXTENSIONS: readonly Extension[] = Array.from({ length: 10 }, (_, index) => {
  const number = String(1001 + index);
  return { number, password: `change-me-${number}` };
});

/** `count` extensions from `first` on, all with the same codecs. */
export function extensionRange(first: number, count: number, codecs: string): Extension[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(first + index);
    return { number, password: `lab-${number}`, codecs };
  });
}

/** Entries for the PBX's pjsip_wizard.conf. */
export function pbxExtensions(extensions: readonly Extension[]): string {
  return extensions.map(pbxExtension).join('\n');
}

/** Entries for the farm's pjsip.conf. */
export function farmPhones(extensions: readonly Extension[], pbxSipPort: number): string {
  return extensions.map((extension) => farmPhone(extension, pbxSipPort)).join('\n');
}

function pbxExtension({ number, password, codecs }: Extension): string {
  return `
[${number}](extension)
inbound_auth/username = ${number}
inbound_auth/password = ${password}
endpoint/callerid = Extension ${number} <${number}>
${codecs === undefined ? '' : `endpoint/allow = !all,${codecs}`}
`;
}

function farmPhone({ number, password }: Extension, pbxSipPort: number): string {
  return `
[phone-${number}](phone)
from_user = ${number}
outbound_auth = phone-${number}

[phone-${number}](phone-auth)
username = ${number}
password = ${password}

[phone-${number}](phone-registration)
server_uri = sip:127.0.0.1:${pbxSipPort}
client_uri = sip:${number}@127.0.0.1:${pbxSipPort}
contact_user = desk${number}
outbound_auth = phone-${number}
`;
}
