// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";

import { OrganisationRegistry } from "../src/OrganisationRegistry.sol";
import { IOrganisationRegistry, ROLE_RECORD } from "../src/interfaces/IOrganisationRegistry.sol";
import { Fixture } from "./utils/Fixture.sol";
import { Typed } from "./utils/Typed.sol";
import { vm } from "./utils/Vm.sol";

contract OrganisationRegistryTest is Fixture {
    string private constant OTHER_URI = "https://example.com/other";
    bytes32 private constant OTHER = keccak256(bytes(OTHER_URI));

    // register

    function testFuzz_Register_RevertWhen_CallerIsNotTheRegistrar(address caller) external {
        vm.assume(caller != REGISTRAR);
        vm.expectRevert(unauthorised(caller));
        vm.prank(caller);
        registry.register(OTHER_URI, vm.addr(SECOND_KEY), ROLE_RECORD);
    }

    function test_Register_RevertWhen_UriIsEmpty() external {
        vm.expectRevert(abi.encodeWithSelector(IOrganisationRegistry.OrganisationRegistry_EmptyUri.selector));
        vm.prank(REGISTRAR);
        registry.register("", vm.addr(SECOND_KEY), ROLE_RECORD);
    }

    function test_Register_RevertWhen_KeyIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(IOrganisationRegistry.OrganisationRegistry_ZeroKey.selector, OTHER));
        vm.prank(REGISTRAR);
        registry.register(OTHER_URI, address(0), ROLE_RECORD);
    }

    function test_Register_RevertGiven_UriIsRegistered() external {
        vm.expectRevert(
            abi.encodeWithSelector(IOrganisationRegistry.OrganisationRegistry_AlreadyRegistered.selector, ORGANISATION)
        );
        vm.prank(REGISTRAR);
        registry.register(URI, vm.addr(SECOND_KEY), 0);
    }

    function testFuzz_Register_WhenAllIsRight(string calldata uri, address key, uint256 roles) external {
        bytes32 id = keccak256(bytes(uri));
        vm.assume(bytes(uri).length != 0 && key != address(0) && id != ORGANISATION);

        vm.expectEmit(address(registry));
        emit IOrganisationRegistry.OrganisationRegistered(id, uri, roles);
        vm.expectEmit(address(registry));
        emit IOrganisationRegistry.KeyAdded(id, key, 100);
        vm.prank(REGISTRAR);
        vm.assertEq(registry.register(uri, key, roles), id);

        vm.assertEq(registry.rolesOf(id), roles);
        assertRange(id, key, 100, 0);
    }

    // setRoles

    function test_SetRoles_RevertWhen_CallerIsNotTheRegistrar() external {
        vm.expectRevert(unauthorised(CARRIER));
        vm.prank(CARRIER);
        registry.setRoles(ORGANISATION, 0);
    }

    function test_SetRoles_RevertGiven_OrganisationIsNotRegistered() external {
        vm.expectRevert(
            abi.encodeWithSelector(IOrganisationRegistry.OrganisationRegistry_NotRegistered.selector, OTHER)
        );
        vm.prank(REGISTRAR);
        registry.setRoles(OTHER, ROLE_RECORD);
    }

    function testFuzz_SetRoles_WhenAllIsRight(uint256 roles) external {
        vm.expectEmit(address(registry));
        emit IOrganisationRegistry.RolesChanged(ORGANISATION, roles);
        vm.prank(REGISTRAR);
        registry.setRoles(ORGANISATION, roles);
        vm.assertEq(registry.rolesOf(ORGANISATION), roles);
        vm.assertTrue(registry.mayRecord(ORGANISATION, vm.addr(KEY)) == (roles & 1 == 1));
    }

    // addKey

    function test_AddKey_RevertWhen_SignatureIsMalformed() external {
        bytes memory signature = additionSignedBy(KEY, 0);
        expectInvalidSignature("");
        expectInvalidSignature(abi.encodePacked(signature, uint8(0)));
        expectInvalidSignature(Typed.highTwin(signature));
    }

    function test_AddKey_RevertWhen_SignerIsNoKeyOfTheOrganisation() external {
        registerOther();
        expectNotActive(vm.addr(STRANGER_KEY), 0, 0);
        registry.addKey(ORGANISATION, vm.addr(SECOND_KEY), additionSignedBy(STRANGER_KEY, 0));
    }

    function test_AddKey_RevertGiven_SignerWasRevokedInThisVeryBlock() external {
        revokeAsRegistrar(KEY);
        expectNotActive(vm.addr(KEY), 100, 101);
        registry.addKey(ORGANISATION, vm.addr(SECOND_KEY), additionSignedBy(KEY, 0));
    }

    function test_AddKey_RevertWhen_SignatureIsForSomethingElse() external {
        address key = vm.addr(SECOND_KEY);
        bytes memory revocation = signedForRegistry(KEY, Typed.keyRevocation(ORGANISATION, key, 0));
        expectAnySignerNotActive(key, revocation);

        bytes memory otherKey = signedForRegistry(KEY, Typed.keyAddition(ORGANISATION, CARRIER, 0));
        expectAnySignerNotActive(key, otherKey);

        bytes memory addition = additionSignedBy(KEY, 0);
        vm.chainId(block.chainid + 1);
        expectAnySignerNotActive(key, addition);

        registry = new OrganisationRegistry(REGISTRAR);
        vm.prank(REGISTRAR);
        registry.register(URI, vm.addr(KEY), ROLE_RECORD);
        expectAnySignerNotActive(key, addition);
    }

    function testFuzz_AddKey_RevertWhen_NonceIsNotTheNext(uint256 nonce) external {
        vm.assume(nonce != 0);
        expectAnySignerNotActive(vm.addr(SECOND_KEY), additionSignedBy(KEY, nonce));
    }

    function test_AddKey_RevertWhen_KeyIsZero() external {
        bytes memory signature = signedForRegistry(KEY, Typed.keyAddition(ORGANISATION, address(0), 0));
        vm.expectRevert(
            abi.encodeWithSelector(IOrganisationRegistry.OrganisationRegistry_ZeroKey.selector, ORGANISATION)
        );
        registry.addKey(ORGANISATION, address(0), signature);
    }

    function test_AddKey_RevertGiven_OrganisationHasOrHadTheKey() external {
        addKey(KEY, SECOND_KEY);
        expectKnown(vm.addr(SECOND_KEY), 100, 0);
        registry.addKey(ORGANISATION, vm.addr(SECOND_KEY), additionSignedBy(KEY, 1));

        revokeAsRegistrar(SECOND_KEY);
        vm.roll(200);
        expectKnown(vm.addr(SECOND_KEY), 100, 101);
        registry.addKey(ORGANISATION, vm.addr(SECOND_KEY), additionSignedBy(KEY, 1));
    }

    function test_AddKey_GivenAnotherOrganisationHasTheKey() external {
        registerOther();
        addKey(KEY, SECOND_KEY);
        assertRange(ORGANISATION, vm.addr(SECOND_KEY), 100, 0);
    }

    function testFuzz_AddKey_WhenAllIsRight(address carrier, uint32 later) external {
        vm.roll(100 + uint256(later));
        bytes memory signature = additionSignedBy(KEY, 0);
        vm.expectEmit(address(registry));
        emit IOrganisationRegistry.KeyAdded(ORGANISATION, vm.addr(SECOND_KEY), 100 + uint64(later));
        vm.prank(carrier);
        registry.addKey(ORGANISATION, vm.addr(SECOND_KEY), signature);

        assertRange(ORGANISATION, vm.addr(SECOND_KEY), 100 + uint64(later), 0);
        vm.assertEq(registry.nonces(ORGANISATION), 1);
    }

    // revokeKey

    function test_RevokeKey_RevertWhen_CallerMayNot() external {
        registerOther();
        expectMayNotRevoke(CARRIER);
        expectMayNotRevoke(vm.addr(SECOND_KEY));
    }

    function test_RevokeKey_RevertGiven_CallingKeyWasRevoked() external {
        addKey(KEY, SECOND_KEY);
        revokeAsRegistrar(SECOND_KEY);
        expectMayNotRevoke(vm.addr(SECOND_KEY));
    }

    function test_RevokeKey_RevertGiven_KeyIsNotActive() external {
        expectNotActive(vm.addr(SECOND_KEY), 0, 0);
        revokeAsRegistrar(SECOND_KEY);

        revokeAsRegistrar(KEY);
        vm.roll(300);
        expectNotActive(vm.addr(KEY), 100, 101);
        revokeAsRegistrar(KEY);
    }

    function test_RevokeKey_WhenTheRegistrarCalls() external {
        expectRevoked(KEY, 101);
        revokeAsRegistrar(KEY);
        assertRange(ORGANISATION, vm.addr(KEY), 100, 101);
    }

    function test_RevokeKey_WhenAnotherKeyOrTheKeyItselfCalls() external {
        addKey(KEY, SECOND_KEY);
        vm.roll(150);
        expectRevoked(KEY, 151);
        vm.prank(vm.addr(SECOND_KEY));
        registry.revokeKey(ORGANISATION, vm.addr(KEY));

        expectRevoked(SECOND_KEY, 151);
        vm.prank(vm.addr(SECOND_KEY));
        registry.revokeKey(ORGANISATION, vm.addr(SECOND_KEY));
    }

    function test_RevokeKeySigned_RevertWhen_SignatureIsAnAdditions() external {
        bytes memory addition = signedForRegistry(KEY, Typed.keyAddition(ORGANISATION, vm.addr(KEY), 0));
        vm.expectPartialRevert(IOrganisationRegistry.OrganisationRegistry_KeyNotActive.selector);
        registry.revokeKey(ORGANISATION, vm.addr(KEY), addition);
    }

    function test_RevokeKeySigned_RevertWhen_Replayed() external {
        addKey(KEY, SECOND_KEY);
        bytes memory signature = signedForRegistry(KEY, Typed.keyRevocation(ORGANISATION, vm.addr(SECOND_KEY), 1));
        registry.revokeKey(ORGANISATION, vm.addr(SECOND_KEY), signature);
        vm.expectPartialRevert(IOrganisationRegistry.OrganisationRegistry_KeyNotActive.selector);
        registry.revokeKey(ORGANISATION, vm.addr(SECOND_KEY), signature);
    }

    function testFuzz_RevokeKeySigned_WhenAllIsRight(address carrier) external {
        bytes memory signature = signedForRegistry(KEY, Typed.keyRevocation(ORGANISATION, vm.addr(KEY), 0));
        expectRevoked(KEY, 101);
        vm.prank(carrier);
        registry.revokeKey(ORGANISATION, vm.addr(KEY), signature);
        assertRange(ORGANISATION, vm.addr(KEY), 100, 101);
        vm.assertEq(registry.nonces(ORGANISATION), 1);
    }

    // mayRecord

    function testFuzz_MayRecord_FromAdditionToRevocation(uint16 add, uint16 revoke, uint16 present) external {
        (uint256 added, uint256 revokedIn) = (100 + uint256(add), 100 + uint256(add) + revoke);
        vm.roll(added);
        addKey(KEY, SECOND_KEY);
        vm.roll(revokedIn);
        vm.assertTrue(registry.mayRecord(ORGANISATION, vm.addr(SECOND_KEY)));
        revokeAsRegistrar(SECOND_KEY);
        vm.assertTrue(registry.mayRecord(ORGANISATION, vm.addr(SECOND_KEY)));
        vm.roll(revokedIn + 1 + present);
        vm.assertFalse(registry.mayRecord(ORGANISATION, vm.addr(SECOND_KEY)));
    }

    function test_MayRecord_GivenNoSuchKeyOrOrganisation() external view {
        vm.assertFalse(registry.mayRecord(ORGANISATION, vm.addr(STRANGER_KEY)));
        vm.assertFalse(registry.mayRecord(OTHER, vm.addr(KEY)));
        vm.assertFalse(registry.mayRecord(ORGANISATION, address(0)));
    }

    // registrar

    function test_Registrar_RevertWhen_Renouncing() external {
        vm.expectRevert(
            abi.encodeWithSelector(IOrganisationRegistry.OrganisationRegistry_RenounceRefused.selector, REGISTRAR)
        );
        vm.prank(REGISTRAR);
        registry.renounceOwnership();
    }

    function test_Registrar_ChangesOnlyWhenTheNewOneAccepts() external {
        vm.prank(REGISTRAR);
        registry.transferOwnership(CARRIER);
        vm.assertEq(registry.owner(), REGISTRAR);

        vm.prank(CARRIER);
        registry.acceptOwnership();
        vm.assertEq(registry.owner(), CARRIER);

        vm.expectRevert(unauthorised(REGISTRAR));
        vm.prank(REGISTRAR);
        registry.register(OTHER_URI, vm.addr(SECOND_KEY), 0);
    }

    function registerOther() private {
        vm.prank(REGISTRAR);
        registry.register(OTHER_URI, vm.addr(SECOND_KEY), ROLE_RECORD);
    }

    function additionSignedBy(uint256 signer, uint256 nonce) private view returns (bytes memory) {
        return signedForRegistry(signer, Typed.keyAddition(ORGANISATION, vm.addr(SECOND_KEY), nonce));
    }

    function assertRange(bytes32 organisation, address key, uint64 added, uint64 revoked) private view {
        (uint64 actualAdded, uint64 actualRevoked) = registry.keyRange(organisation, key);
        vm.assertEq(actualAdded, added, "added");
        vm.assertEq(actualRevoked, revoked, "revoked");
    }

    function unauthorised(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller);
    }

    function expectInvalidSignature(bytes memory signature) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IOrganisationRegistry.OrganisationRegistry_InvalidSignature.selector, ORGANISATION, signature
            )
        );
        registry.addKey(ORGANISATION, vm.addr(SECOND_KEY), signature);
    }

    function expectAnySignerNotActive(address key, bytes memory signature) private {
        vm.expectPartialRevert(IOrganisationRegistry.OrganisationRegistry_KeyNotActive.selector);
        registry.addKey(ORGANISATION, key, signature);
    }

    function expectNotActive(address key, uint64 added, uint64 revoked) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IOrganisationRegistry.OrganisationRegistry_KeyNotActive.selector, ORGANISATION, key, added, revoked
            )
        );
    }

    function expectKnown(address key, uint64 added, uint64 revoked) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IOrganisationRegistry.OrganisationRegistry_KeyKnown.selector, ORGANISATION, key, added, revoked
            )
        );
    }

    function expectMayNotRevoke(address caller) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IOrganisationRegistry.OrganisationRegistry_MayNotRevoke.selector, ORGANISATION, caller
            )
        );
        vm.prank(caller);
        registry.revokeKey(ORGANISATION, vm.addr(KEY));
    }

    function expectRevoked(uint256 key, uint64 revoked) private {
        vm.expectEmit(address(registry));
        emit IOrganisationRegistry.KeyRevoked(ORGANISATION, vm.addr(key), revoked);
    }
}
