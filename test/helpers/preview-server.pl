# A server of the learner's, with perl-base alone: perl preview-server.pl PORT [PAGE]. PAGE answers every path not known here.
use strict;
use IO::Socket::INET;
my ($port, $page) = @ARGV;
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 64, ReuseAddr => 1) or die "$!";
$SIG{CHLD} = 'IGNORE';
our $method;
sub answer { my ($c, $type, $body, @headers) = @_;
  print $c join("\r\n", "HTTP/1.1 200 OK", "Content-Type: $type", "Content-Length: " . length($body), @headers, "", $method eq 'HEAD' ? '' : $body); }
while (1) {
  my $c = $listener->accept or next;
  if (fork) { close $c; next; }
  $c->autoflush(1);
  my $head = '';
  while (my $line = <$c>) { $head .= $line; last if $line eq "\r\n"; }
  ($method, my $path) = $head =~ /^(\S+) (\S+)/;
  if ($path eq '/echo') { answer($c, 'text/plain', $head); }
  elsif ($path eq '/length') {
    my ($total, $data) = (0, '');
    if ($head =~ /^content-length: (\d+)/mi) { my $left = $1; while ($left > 0) { my $n = read($c, $data, $left > 65536 ? 65536 : $left) or last; $left -= $n; $total += $n; } }
    elsif ($head =~ /^transfer-encoding: chunked/mi) { while (my $size = hex(<$c>)) { while ($size > 0) { my $n = read($c, $data, $size); $total += $n; $size -= $n; } <$c>; } }
    answer($c, 'text/plain', "$total");
  }
  elsif ($path =~ m{^/bytes/(\d+)}) { print $c "HTTP/1.1 200 OK\r\nContent-Length: $1\r\n\r\n"; my $left = $1; my $block = 'x' x 65536; while ($left > 0) { my $n = $left > 65536 ? 65536 : $left; print $c substr($block, 0, $n) or last; $left -= $n; } }
  elsif ($path eq '/drip') { print $c "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"; for (1 .. 3) { print $c "2\r\n$_;\r\n"; select undef, undef, undef, 0.4; } print $c "0\r\n\r\n"; }
  elsif ($path eq '/headers') { answer($c, 'text/plain', 'h', 'Set-Cookie: app=1; Domain=localhost; Path=/', 'Set-Cookie: toride=tossed; Path=/',
    'Set-Cookie: __Host-toride=tossed; Secure; Path=/', 'Clear-Site-Data: "*"', 'Strict-Transport-Security: max-age=9', 'Keep-Alive: timeout=99', 'Connection: X-Hop', 'X-Hop: 1', 'X-App: yes',
    'Referrer-Policy: unsafe-url', 'Cross-Origin-Resource-Policy: cross-origin', 'Alt-Svc: h2="evil.example:443"'); }
  elsif ($path eq '/redirect') { print $c "HTTP/1.1 302 Found\r\nLocation: http://localhost:$port/there?x\r\nContent-Length: 0\r\n\r\n"; }
  elsif ($path eq '/smuggle') { print $c "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\n\r\nowned"; }
  elsif ($path eq '/more') { print $c "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nowned"; }
  elsif ($path eq '/split') { print $c "HTTP/1.1 200 OK\r\nX-A: one\rSet-Cookie: split=1\r\nContent-Length: 0\r\n\r\n"; }
  elsif ($path eq '/large') { answer($c, 'text/plain', 'l', 'X-Large: ' . 'x' x 20000); }
  elsif ($path eq '/garbage') { print $c "SSH-2.0-what\r\n\r\n"; }
  elsif ($path eq '/switch') { print $c "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\nraw"; sleep 5; }
  elsif ($path eq '/hold') { sleep 30; }
  elsif ($path eq '/socket' and $head =~ /^sec-websocket-key: (\S+)/mi) {
    my $key = $1; die unless $key =~ m{^[A-Za-z0-9+/=]+$};
    my $hex = `printf %s '${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11' | sha1sum`;
    my $accept = substr pack('u', pack 'H40', $hex), 1; # uuencoding is base64 with another alphabet
    $accept =~ tr|` -_|AA-Za-z0-9+/|; $accept = substr($accept, 0, 27) . '=';
    print $c "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: $accept\r\n\r\n";
    my $b; while (read($c, $b, 6) == 6) { my ($op, $len, @mask) = unpack 'C6', $b; $len &= 127; read($c, my $data, $len);
      last if ($op & 15) == 8; my $i = 0; $data = join '', map { chr(ord($_) ^ $mask[$i++ % 4]) } split //, $data; my $text = "echo $data"; print $c pack('CC', 0x81, length $text) . $text; }
  }
  elsif ($page) { open my $f, '<', $page; local $/; answer($c, $path eq '/worker.js' ? 'text/javascript' : 'text/html', $path eq '/worker.js' ? 'self.addEventListener("fetch",e=>e.respondWith(new Response("from the worker")))' : <$f>, 'Service-Worker-Allowed: /'); }
  else { answer($c, 'text/plain', "$method $path"); }
  close $c; exit;
}
