// A real OpenID Connect provider for the test of signing in: oidc-provider with one person in it.
import Provider from "oidc-provider";

const [, , port, back, roles] = process.argv;
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "civic", client_secret: "a secret of the town hall", redirect_uris: [back] }],
  claims: { openid: ["sub"], profile: ["name", "roles"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  cookies: { keys: ["test"] },
  features: { devInteractions: { enabled: true } },
  async findAccount(ctx, id) {
    return { accountId: id, claims: async () => ({ sub: id, name: "Inès R.", roles: roles.split(",") }) };
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log(issuer));
