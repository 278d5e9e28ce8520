/** The part of the farm's configuration that depends on the PBX: one phone per extension, and everybody's addresses. */

/** An extension of the PBX and how its phone registers. */
export interface Extension {
  readonly number: string;
  readonly password: string;
  /** Codecs that the PBX allows it, as in pjsip.conf's `allow`; undefined leaves the template's. */
  readonly codecs?: string;
  /** The PBX's dialplan context for what it dials; undefined leaves the template's. */
  readonly context?: string;
  /** Names of the phones that are registered under it at once, such as 1210a and 1210b. One of the number's name by default. */
  readonly phones?: readonly string[];
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

/** Entries for the farm's pjsip.conf. `pbxAddress` is the host and port of the PBX's SIP. */
export function farmPhones(extensions: readonly Extension[], pbxAddress: string): string {
  return extensions
    .flatMap((extension) => phonesOf(extension).map((phone) => farmPhone(extension, phone, pbxAddress)))
    .join('\n');
}

function phonesOf({ number, phones = [number] }: Extension): readonly string[] {
  return phones;
}

function pbxExtension({ number, password, codecs, context, phones = [] }: Extension): string {
  return `
[${number}](extension)
inbound_auth/username = ${number}
inbound_auth/password = ${password}
endpoint/callerid = Extension ${number} <${number}>
${codecs === undefined ? '' : `endpoint/allow = !all,${codecs}`}
${context === undefined ? '' : `endpoint/context = ${context}`}
${phones.length < 2 ? '' : `aor/max_contacts = ${phones.length}\naor/remove_existing = no`}
`;
}

function farmPhone({ number, password }: Extension, phone: string, pbxAddress: string): string {
  return `
[phone-${phone}](phone)
from_user = ${number}
outbound_auth = phone-${phone}

[phone-${phone}](phone-auth)
username = ${number}
password = ${password}

[phone-${phone}](phone-registration)
server_uri = sip:${pbxAddress}
client_uri = sip:${number}@${pbxAddress}
contact_user = desk${phone}
outbound_auth = phone-${phone}
`;
}
