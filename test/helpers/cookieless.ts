/** A way to the server on which a frame gets no cookie: as in a browser that blocks third parties and knows no partitions. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export async function openCookieless(target: string) {
  const { hostname, port } = new URL(target);
  const proxy = createServer((asked, response) => {
    const { url = '/', method, headers } = asked;
    const framed = headers['sec-fetch-dest'] === 'iframe';
    const onward = request({ hostname, port, path: url, method, headers }, (answer) => {
      const { 'set-cookie': cookies, ...others } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, { ...others, ...(cookies && !framed && { 'set-cookie': cookies }) });
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close() {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(resolve));
    },
  };
}
