using CsCheck;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Hierarchy;

public class KeyVersionsTests
{
    [Fact]
    public void A_rotation_goes_through_its_phases()
    {
        KeyVersions versions = KeyVersions.First.Add();
        Assert.Equal([KeyState.Primary, KeyState.Added], States(versions));
        versions = versions.Promote(2);
        Assert.Equal([KeyState.DecodeOnly, KeyState.Primary], States(versions));
        Assert.Equal(2, versions.Primary.Number);
        versions = versions.Disable(1);
        Assert.Equal([KeyState.Disabled, KeyState.Primary], States(versions));
        versions = versions.Destroy(1);
        Assert.Equal([KeyState.Destroyed, KeyState.Primary], States(versions));
    }

    [Fact]
    public void A_step_that_is_repeated_changes_nothing()
    {
        KeyVersions versions = KeyVersions.First.Add().Promote(2);
        Assert.Equal(States(versions), States(versions.Promote(2)));
        Assert.Equal(States(versions.Add()), States(versions.Add().Add()));
        Assert.Equal(States(versions.Disable(1)), States(versions.Disable(1).Disable(1)));
        Assert.Equal(States(versions.Disable(1).Destroy(1)), States(versions.Disable(1).Destroy(1).Destroy(1)));
    }

    [Fact]
    public void What_may_open_says_why_it_may_not()
    {
        KeyVersions versions = KeyVersions.First.Add().Promote(2).Add();
        versions.RequireOpens(1);
        versions.RequireOpens(3);
        Refused(KeyFailure.Disabled, () => versions.Disable(1).RequireOpens(1));
        Refused(KeyFailure.Destroyed, () => versions.Disable(1).Destroy(1).RequireOpens(1));
        Refused(KeyFailure.NotThere, () => versions.RequireOpens(4));
        Refused(KeyFailure.NotThere, () => versions.RequireOpens(0));
        versions.Disable(1).Enable(1).RequireOpens(1);
    }

    [Fact]
    public void The_primary_version_is_neither_disabled_nor_destroyed_and_nothing_is_destroyed_unless_disabled()
    {
        KeyVersions versions = KeyVersions.First.Add().Promote(2);
        Refused(KeyFailure.InUse, () => versions.Disable(2));
        Refused(KeyFailure.InUse, () => versions.Destroy(2));
        Refused(KeyFailure.InUse, () => versions.Destroy(1));
        Refused(KeyFailure.Destroyed, () => versions.Disable(1).Destroy(1).Enable(1));
        Refused(KeyFailure.Destroyed, () => versions.Disable(1).Destroy(1).Promote(1));
        Refused(KeyFailure.Disabled, () => versions.Disable(1).Promote(1));
    }

    [Fact]
    public void Stored_versions_that_contradict_each_other_are_refused()
    {
        KeyVersion[][] wrong =
        [
            [],
            [new(1, KeyState.DecodeOnly)],
            [new(1, KeyState.Primary), new(2, KeyState.Primary)],
            [new(2, KeyState.Primary)],
            [new(1, KeyState.Primary), new(3, KeyState.Added)],
            [new(1, KeyState.Primary), new(1, KeyState.Added)],
            [new(1, KeyState.Primary), new(2, (KeyState)9)],
        ];
        Assert.All(wrong, stored => Refused(KeyFailure.Malformed, () => KeyVersions.Of(stored)));
        Assert.Equal([KeyState.DecodeOnly, KeyState.Primary], States(KeyVersions.Of([new(2, KeyState.Primary), new(1, KeyState.DecodeOnly)])));
    }

    [Fact]
    public void Whatever_is_done_there_is_one_primary_and_what_was_destroyed_stays_so() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 6]).Array[0, 40].Sample(moves =>
        {
            KeyVersions versions = KeyVersions.First;
            HashSet<int> destroyed = [];
            foreach ((int move, int number) in moves)
            {
                try
                {
                    versions = move switch
                    {
                        0 => versions.Add(),
                        1 => versions.Promote(number),
                        2 => versions.Disable(number),
                        3 => versions.Enable(number),
                        _ => versions.Destroy(number),
                    };
                }
                catch (KeyUnavailableException)
                {
                    continue;
                }
                Assert.Equal(States(versions), States(KeyVersions.Of(versions.All)));
                destroyed.UnionWith(versions.All.Where(v => v.State == KeyState.Destroyed).Select(v => v.Number));
                Assert.All(destroyed, n => Assert.Equal(KeyState.Destroyed, versions.Version(n).State));
            }
        });

    private static KeyState[] States(KeyVersions versions) => [.. versions.All.Select(v => v.State)];

    private static void Refused(KeyFailure failure, Action act) => Assert.Equal(failure, Assert.Throws<KeyUnavailableException>(act).Failure);
}
