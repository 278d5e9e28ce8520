/** The service manager's end of sd_notify(3): a Unix datagram socket, which Node does not have and every Debian's Perl does. */
import { installMissing } from '../../lab/asterisk/apt.js';
import { Printing } from './printing.js';

/** Prints each datagram in one line, with | where a line of it ends. */
const LISTENER = `
$| = 1;
$socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM(), Local => $ARGV[0]) or die "no socket: $!";
print "listening\\n";
while (defined $socket->recv($message, 65536)) { $message =~ s/\\n/|/g; print "$message\\n"; }
`;

/** Listens at this path until it is stopped. */
export async function notifyListener(path: string): Promise<Printing> {
  await installMissing({ 'systemd-notify': 'systemd', perl: 'perl-base' }, () => undefined);
  const listener = new Printing('perl', ['-MIO::Socket::UNIX', '-e', LISTENER, path]);
  await listener.says('listening');
  return listener;
}
