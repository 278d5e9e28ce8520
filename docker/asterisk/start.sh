# Starts the lab's Asterisk: asterisk-conf/ as it is, but for the few values below that depend on this network, and
# with passwords that are made at the first start and kept in the volume /secrets.
set -eu
shared=/usr/local/share/asterisk-conf
etc=/etc/asterisk
run=/run/asterisk
secrets=/secrets

# secret NAME: a password of its own, made once.
secret() {
  if [ ! -s "$secrets/$1" ]; then
    (umask 077 && od -An -tx1 -N12 /dev/urandom | tr -d ' \n' >"$secrets/$1.new")
    mv "$secrets/$1.new" "$secrets/$1"
  fi
  cat "$secrets/$1"
}

# set_in FILE SECTION KEY VALUE: right under the section's head, in place of the line that was there. Fails without it.
set_in() {
  SECTION="[$2]" KEY=$3 VALUE=$4 awk '
    BEGIN { section = ENVIRON["SECTION"]; key = ENVIRON["KEY"] }
    index($0, section) == 1 { inside = found = 1; print; print key " = " ENVIRON["VALUE"]; next }
    /^\[/ { inside = 0 }
    inside { name = $0; sub(/=.*/, "", name); gsub(/[ \t]/, "", name); if (name == key) next }
    { print }
    END { exit !found }' "$etc/$1" >"$run/changed.conf"
  cat "$run/changed.conf" >"$etc/$1"
  rm "$run/changed.conf"
}

dotted() { # an address as /proc/net/route writes it: hexadecimal, last octet first
  printf '%d.%d.%d.%d' "0x${1#??????}" "0x$(echo "$1" | cut -c5-6)" "0x$(echo "$1" | cut -c3-4)" "0x$(echo "$1" | cut -c1-2)"
}

mkdir -p "$run/db" "$run/log" "$run/spool/monitor" "$run/spool/recording" "$run/spool/tmp" "$run/spool/voicemail"
cp "$shared"/*.conf "$etc/"
cat >"$etc/asterisk.conf" <<CONF
[directories]
astrundir => $run
astdbdir => $run/db
astlogdir => $run/log
astspooldir => $run/spool

[options]
nocolor = yes
CONF

# The bridge reaches ARI over the network of this compose project, which nobody else is in.
set_in http.conf general bindaddr 0.0.0.0
set_in ari.conf ari-audio-stream password "$(secret ari)"
# What the bridge shows the receiver.
secret receiver >/dev/null
set_in logger.conf logfiles console notice,warning,error
set_in rtp.conf general rtpstart "${RTP_FIRST:-10000}"
set_in rtp.conf general rtpend "${RTP_LAST:-10059}"

# Extensions 1001 to 1009 are the phones of the lab, 1010 is for a phone of yours.
phones=$(secret phones)
for number in 1001 1002 1003 1004 1005 1006 1007 1008 1009; do
  set_in pjsip_wizard.conf "$number" inbound_auth/password "$phones-$number"
done
desk_phone=${DESK_PHONE_PASSWORD:-$(secret desk-phone)}
set_in pjsip_wizard.conf 1010 inbound_auth/password "$desk_phone"

# The provider lives in the phones' container. It has no address of its own, so it is known by its login, whose name must be
# that of the endpoint.
set_in pjsip.conf global endpoint_identifier_order ip,username,auth_username
set_in pjsip_wizard.conf trunk-a endpoint/identify_by auth_username
set_in pjsip_wizard.conf trunk-a remote_hosts phones:5060
set_in pjsip_wizard.conf trunk-a accepts_auth yes
set_in pjsip_wizard.conf trunk-a inbound_auth/username trunk-a
set_in pjsip_wizard.conf trunk-a inbound_auth/password "$(secret provider)"
# Nobody has this address (RFC 5737): with none given, whatever comes from remote_hosts would be the provider's.
set_in pjsip_wizard.conf trunk-a identify/match 192.0.2.1

# To phones outside of this network Asterisk must name the address at which they reach it. What the Docker host itself
# sends comes from the gateway's address, and is outside as well.
network='' gateway=''
while read -r _ destination via _ _ _ _ mask _; do
  case $destination in
    Iface | Destination) ;;
    00000000) gateway=$(dotted "$via") ;;
    *) network="$(dotted "$destination")/$(dotted "$mask")" ;;
  esac
done <<ROUTES
$(tail -n +2 /proc/net/route)
ROUTES
phone_address=${PHONE_ADDRESS:-127.0.0.1}
if [ -n "$network" ]; then
  set_in pjsip.conf transport-udp local_net "$network${gateway:+,!$gateway/32}"
  set_in pjsip.conf transport-udp external_media_address "$phone_address"
  set_in pjsip.conf transport-udp external_signaling_address "$phone_address"
  set_in pjsip.conf transport-udp external_signaling_port "${PHONE_PORT:-5060}"
fi

echo "A phone of yours: server $phone_address port ${PHONE_PORT:-5060} (UDP), user 1010, password $desk_phone"
exec asterisk -f
