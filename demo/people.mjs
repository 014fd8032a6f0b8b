// The team of the demo. The same names as in the demo GitHub and in incident-policy.yml.
export const people = {
  maria: { name: 'Maria Santos', email: 'maria@shop.example', handle: '@maria-santos', origin: '4f9a2c' },
  jonas: { name: 'Jonas Weber', email: 'jonas@shop.example', handle: '@jonas-weber', origin: 'b81e07' },
  lena: { name: 'Lena Fischer', email: 'lena@shop.example', handle: '@support-lena', origin: '2c63d5' },
};
