# Healthy is an Asterisk that has booted and whose ARI and SIP are there.
set -eu
asterisk -rx 'core waitfullybooted' | grep -q 'fully booted'
asterisk -rx 'ari show status' | grep -q 'Enabled: *Yes'
asterisk -rx 'pjsip show transports' | grep -q '^Transport: *transport-udp'
