/**
 * What is true of the image: which of its packages have known holes. From the changelogs of Debian's own packages;
 * labs/image-scan/files/advisories/bookworm.txt says the same, and a test holds the two together.
 */

export interface Advisory {
  readonly cve: string;
  /** As it is installed; debsecan's file names the source package. */
  readonly package: string;
  /** The first version of Debian 12 without this hole. */
  readonly fixed: string;
}

export const advisories: readonly Advisory[] = [
  { cve: 'CVE-2026-56131', package: 'libexpat1', fixed: '2.5.0-1+deb12u3' },
  { cve: 'CVE-2026-25210', package: 'libexpat1', fixed: '2.5.0-1+deb12u4' },
  { cve: 'CVE-2026-56132', package: 'libexpat1', fixed: '2.5.0-1+deb12u5' },
  { cve: 'CVE-2026-34757', package: 'libpng16-16', fixed: '1.6.39-2+deb12u5' },
  { cve: 'CVE-2026-46675', package: 'libpng16-16', fixed: '1.6.39-2+deb12u6' },
  { cve: 'CVE-2026-103111', package: 'libpcre2-8-0', fixed: '10.42-1+deb12u2' },
  { cve: 'CVE-2026-63379', package: 'libevent-core-2.1-7', fixed: '2.1.12-stable-8+deb12u1' },
  { cve: 'CVE-2026-111497', package: 'libbrotli1', fixed: '1.0.9-2+deb12u1' },
  { cve: 'CVE-2026-14164', package: 'libarchive13', fixed: '3.6.2-1+deb12u5' },
];

/** Versions in localhost/legacy: Debian 12 as released last, which no longer changes. */
export const installed: Readonly<Record<string, string>> = {
  libexpat1: '2.5.0-1+deb12u2',
  'libpng16-16': '1.6.39-2+deb12u5',
  'libpcre2-8-0': '10.42-1',
  'libevent-core-2.1-7': '2.1.12-stable-8',
};

/**
 * A piece of text in each library that has a hole, wherever it lies and whatever it is called: the name of its debug
 * file, which is made from the build's own id. First amd64, then arm64.
 */
export const marks: readonly { readonly mark: string; readonly library: string }[] = [
  { library: 'libexpat.so of libexpat1', mark: '982b9f4d9e72f72206fa06fc1c9fc9e2d3f58c.debug' },
  { library: 'libexpat.so of libexpat1', mark: '2a3bf40520e830a81d367e28b54bd2e8d8a4eb.debug' },
  { library: 'libexpatw.so of libexpat1', mark: '83e7e8c620f69fa4e5d9762099982377e2b8b7.debug' },
  { library: 'libexpatw.so of libexpat1', mark: 'ac6302d80aba84afc6b07fa3b3d2f2a3842066.debug' },
  { library: 'libpng16.so of libpng16-16', mark: '85e45a3034521da48c6ba61f60b86ace6bcb7e.debug' },
  { library: 'libpng16.so of libpng16-16', mark: '8434665c2d6e9e1707e733867c8e9f5d68c77e.debug' },
  { library: 'libpcre2-8.so of libpcre2-8-0', mark: 'c37bf891c814600cbe68abb040c56b949f321e.debug' },
  { library: 'libpcre2-8.so of libpcre2-8-0', mark: 'dcd812cba3f7148698a28be79168df23a0ffe1.debug' },
  { library: 'libevent_core.so of libevent-core-2.1-7', mark: '2a311a4cb2adab1f65175158014f1933187758.debug' },
  { library: 'libevent_core.so of libevent-core-2.1-7', mark: '2fb568951bdfa58c140f2d67af115fcf62f153.debug' },
];
