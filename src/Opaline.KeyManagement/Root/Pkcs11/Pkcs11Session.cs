using System.Buffers.Binary;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.MechanismParams;

namespace Opaline.KeyManagement;

/// <summary>A logged-in session with a token, and what is asked of it. One caller at a time; a session that the token has dropped is opened again once.</summary>
internal sealed class Pkcs11Session : IDisposable
{
    private const ulong TagBits = 128;

    /// <summary>What a token answers when it was restarted, taken out, or has ended the session.</summary>
    private static readonly CKR[] Dropped =
    [
        CKR.CKR_SESSION_HANDLE_INVALID, CKR.CKR_SESSION_CLOSED, CKR.CKR_USER_NOT_LOGGED_IN, CKR.CKR_DEVICE_REMOVED, CKR.CKR_DEVICE_ERROR,
        CKR.CKR_TOKEN_NOT_PRESENT,
    ];

    private readonly Pkcs11InteropFactories _factories = new();
    private readonly Pkcs11TokenOptions _options;
    private readonly IPkcs11Library _library;
    private ISession? _session;

    private Pkcs11Session(Pkcs11TokenOptions options, IPkcs11Library library)
    {
        _options = options;
        _library = library;
    }

    public static Pkcs11Session Open(Pkcs11TokenOptions options)
    {
        NativeLoader.Prepare();
        Pkcs11InteropFactories factories = new();
        IPkcs11Library library;
        try
        {
            library = factories.Pkcs11LibraryFactory.LoadPkcs11Library(factories, options.Library, AppType.MultiThreaded);
        }
        catch (Exception e) when (e is Pkcs11Exception or UnmanagedException or IOException or DllNotFoundException or BadImageFormatException)
        {
            throw new KeyUnavailableException(KeyFailure.Configuration, $"The PKCS#11 library '{options.Library}' cannot be loaded.", e);
        }
        Pkcs11Session session = new(options, library);
        try
        {
            session.Ask(_ => true, opening: false);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The versions of the key that the token holds, in no order.</summary>
    public IReadOnlyList<int> Versions() => Ask(
        session => (IReadOnlyList<int>)[.. session.FindAllObjects(Labelled(null)).Select(key => VersionOf(session, key)).OfType<int>()], opening: false);

    public byte[] Encrypt(int version, byte[] nonce, byte[] associatedData, SecretBytes secret)
    {
        byte[] plaintext = secret.Expose().ToArray();
        try
        {
            return Ask(session => WithGcm(nonce, associatedData, gcm => session.Encrypt(gcm, Find(session, version), plaintext)), opening: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    public SecretBytes Decrypt(int version, byte[] nonce, byte[] associatedData, byte[] ciphertext) => Ask(
        session => SecretBytes.TakeFrom(WithGcm(nonce, associatedData, gcm => session.Decrypt(gcm, Find(session, version), ciphertext)), resident: true),
        opening: true);

    public void Generate(int version) => Ask(
        session =>
        {
            List<IObjectAttribute> template =
            [
                .. Labelled(version),
                Attribute(CKA.CKA_TOKEN, true), Attribute(CKA.CKA_PRIVATE, true), Attribute(CKA.CKA_SENSITIVE, true), Attribute(CKA.CKA_EXTRACTABLE, false),
                Attribute(CKA.CKA_ENCRYPT, true), Attribute(CKA.CKA_DECRYPT, true),
                _factories.ObjectAttributeFactory.Create(CKA.CKA_VALUE_LEN, SealedBox.KeySize),
            ];
            using IMechanism mechanism = _factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
            return session.GenerateKey(mechanism, template);
        },
        opening: false);

    public void Destroy(int version) => Ask(
        session =>
        {
            session.DestroyObject(Find(session, version));
            return true;
        },
        opening: false);

    public void Dispose()
    {
        Close();
        _library.Dispose();
    }

    private static int? VersionOf(ISession session, IObjectHandle key)
    {
        byte[] id = session.GetAttributeValue(key, [CKA.CKA_ID])[0].GetValueAsByteArray();
        return id.Length == sizeof(int) && BinaryPrimitives.ReadInt32BigEndian(id) is var version and > 0 ? version : null;
    }

    private static KeyFailure FailureOf(CKR code, bool opening) => code switch
    {
        CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_LOCKED or CKR.CKR_PIN_EXPIRED or CKR.CKR_USER_NOT_LOGGED_IN or CKR.CKR_PIN_LEN_RANGE => KeyFailure.Denied,
        CKR.CKR_KEY_FUNCTION_NOT_PERMITTED => KeyFailure.Disabled,
        _ when Dropped.Contains(code) => KeyFailure.Unreachable,
        _ => opening ? KeyFailure.DoesNotOpen : KeyFailure.Unreachable,
    };

    private T Ask<T>(Func<ISession, T> ask, bool opening)
    {
        for (bool again = false; ; again = true)
        {
            try
            {
                return ask(_session ??= LogIn());
            }
            catch (Pkcs11Exception e) when (!again && Dropped.Contains(e.RV))
            {
                Close();
            }
            catch (Pkcs11Exception e)
            {
                throw KeyServiceRefusal.Of(FailureOf(e.RV, opening));
            }
        }
    }

    private ISession LogIn()
    {
        ISlot slot = _library.GetSlotList(SlotsType.WithTokenPresent).FirstOrDefault(s => s.GetTokenInfo().Label == _options.Token)
            ?? throw new KeyUnavailableException(KeyFailure.Configuration, "There is no token of the configured label.");
        ISession session = slot.OpenSession(SessionType.ReadWrite);
        try
        {
            using SecretBytes pin = SecretFile.Read(_options.PinFile, "The PIN file");
            byte[] copy = pin.Expose().ToArray();
            try
            {
                session.Login(CKU.CKU_USER, copy);
            }
            catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
            {
                // Another session of this process has logged in: a login holds for all of them.
                return session;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(copy);
            }
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private IObjectHandle Find(ISession session, int version) =>
        session.FindAllObjects(Labelled(version)).FirstOrDefault() ?? throw KeyServiceRefusal.Of(KeyFailure.NotThere);

    private List<IObjectAttribute> Labelled(int? version)
    {
        List<IObjectAttribute> template =
        [
            _factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY),
            _factories.ObjectAttributeFactory.Create(CKA.CKA_KEY_TYPE, CKK.CKK_AES),
            _factories.ObjectAttributeFactory.Create(CKA.CKA_LABEL, _options.Key),
        ];
        if (version is { } number)
        {
            byte[] id = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(id, number);
            template.Add(_factories.ObjectAttributeFactory.Create(CKA.CKA_ID, id));
        }
        return template;
    }

    private IObjectAttribute Attribute(CKA type, bool value) => _factories.ObjectAttributeFactory.Create(type, value);

    private byte[] WithGcm(byte[] nonce, byte[] associatedData, Func<IMechanism, byte[]> use)
    {
        using ICkGcmParams parameters = _factories.MechanismParamsFactory.CreateCkGcmParams(nonce, (ulong)nonce.Length * 8, associatedData, TagBits);
        using IMechanism mechanism = _factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
        return use(mechanism);
    }

    private void Close()
    {
        _session?.Dispose();
        _session = null;
    }
}
